using Switchyard.Core.Processes;
using Switchyard.Core.Transports;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of worker processes. One method each.</summary>
internal static class ProcessErrors
{
    public static ErrorRecord ItemNotSent(object? item, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.ItemNotSent, ItemText.Of(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        item);

    public static ErrorRecord ItemNotRead(Exception cause) =>
        Record(new InvalidOperationException(MessageText.Format(Messages.ItemNotRead, cause.Message), cause), ErrorCategory.InvalidType, null);

    public static ErrorRecord OutputNotSent(object? value, object? item, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.OutputNotSent, PSObjects.Unwrap(value)?.GetType(), cause.Message), cause),
        ErrorCategory.InvalidType,
        item);

    public static ErrorRecord OutputNotRead(object? item, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.OutputNotRead, ItemText.Of(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        item);

    public static ErrorRecord WorkerCrashed(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        reason.WaitedForTerminal is { } program ? ExecutableErrors.TerminalWanted(item, program) : Record(
            new NonZeroExitException(
                MessageText.Format(Messages.WorkerCrashed, ItemText.Of(item), worker, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
            ErrorCategory.ResourceUnavailable,
            item);

    public static ErrorRecord WorkerNotStarted(string name, TransportStartException cause) => Record(
        new InvalidOperationException(
            MessageText.Format(
                Messages.WorkerNotStarted,
                name,
                cause.Message,
                cause.Exit is { } reason ? $" It {ExitText(reason)}." : string.Empty,
                cause.InnerException is IOException && cause.Exit is null ? string.Empty : " " + Messages.WorkerVersion,
                Quoted(cause.LastErrors)),
            cause),
        ErrorCategory.OpenError,
        name);

    public static BatchException PowerShellPathNotFound(string path) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.PowerShellPathNotFound, path)), ErrorCategory.ObjectNotFound, path);

    public static BatchException PowerShellForWorkersNotFound() =>
        Fatal(new CommandNotFoundException(Messages.PowerShellForWorkersNotFound), ErrorCategory.ObjectNotFound, "pwsh");
}
