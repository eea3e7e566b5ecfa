using System.Management.Automation;
using Switchyard.Core.Processes;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of executables. One method each, whose id is the name of its message.</summary>
internal static class ExecutableErrors
{
    public static BatchException ExecutableNotFound(string name) => new(Record(
        nameof(Messages.ExecutableNotFound),
        new CommandNotFoundException(MessageText.Format(Messages.ExecutableNotFound, name)),
        ErrorCategory.ObjectNotFound,
        name));

    public static BatchException PowerShellNotFound(string script) => new(Record(
        nameof(Messages.PowerShellNotFound),
        new CommandNotFoundException(MessageText.Format(Messages.PowerShellNotFound, script)),
        ErrorCategory.ObjectNotFound,
        script));

    public static BatchException FileNotExecutable(string path) => new(Record(
        nameof(Messages.FileNotExecutable),
        new UnauthorizedAccessException(MessageText.Format(Messages.FileNotExecutable, path)),
        ErrorCategory.PermissionDenied,
        path));

    public static BatchException FolderNotFound(string path) => new(Record(
        nameof(Messages.FolderNotFound),
        new DirectoryNotFoundException(MessageText.Format(Messages.FolderNotFound, path)),
        ErrorCategory.ObjectNotFound,
        path));

    public static BatchException FolderNotMade(string path, Exception cause) => new(Record(
        nameof(Messages.FolderNotMade),
        new IOException(MessageText.Format(Messages.FolderNotMade, path, cause.Message), cause),
        ErrorCategory.WriteError,
        path));

    public static BatchException EnvironmentNameNotAllowed(string name) => new(Record(
        nameof(Messages.EnvironmentNameNotAllowed),
        new PSArgumentException(MessageText.Format(Messages.EnvironmentNameNotAllowed, name)),
        ErrorCategory.InvalidArgument,
        name));

    public static BatchException ArgumentOfNoItem(string element) => new(Record(
        nameof(Messages.ArgumentOfNoItem),
        new PSArgumentException(MessageText.Format(Messages.ArgumentOfNoItem, element)),
        ErrorCategory.InvalidArgument,
        element));

    public static BatchException ArgumentWithUsing(string expression) => new(Record(
        nameof(Messages.ArgumentWithUsing),
        new PSArgumentException(MessageText.Format(Messages.ArgumentWithUsing, expression, expression.Replace("using:", string.Empty, StringComparison.OrdinalIgnoreCase))),
        ErrorCategory.InvalidArgument,
        expression));

    public static BatchException ArgumentNotOneValue(object? item, ScriptBlock block, int count) => new(Record(
        nameof(Messages.ArgumentNotOneValue),
        new PSArgumentException(MessageText.Format(Messages.ArgumentNotOneValue, ItemText.Quote(item), block.ToString().Trim(), count)),
        ErrorCategory.InvalidArgument,
        PSObjects.Unwrap(item)));

    public static ErrorRecord ArgumentBlockFailed(object? item, RuntimeException cause) => Record(
        nameof(Messages.ArgumentBlockFailed),
        new InvalidOperationException(MessageText.Format(Messages.ArgumentBlockFailed, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidArgument,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemHasNoText(object? item, Exception cause) => Record(
        nameof(Messages.ItemHasNoText),
        new PSArgumentException(MessageText.Format(Messages.ItemHasNoText, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemNotOneLine(object? item, string name) => Record(
        nameof(Messages.ItemNotOneLine),
        new PSArgumentException(MessageText.Format(Messages.ItemNotOneLine, ItemText.Quote(item), name)),
        ErrorCategory.InvalidData,
        PSObjects.Unwrap(item));

    public static ErrorRecord StandardError(object? item, string line) => Record(
        nameof(Messages.StandardError),
        new StandardErrorException(MessageText.Format(Messages.StandardError, ItemText.Of(item), line), line),
        ErrorCategory.FromStdErr,
        PSObjects.Unwrap(item));

    public static ErrorRecord NonZeroExit(object? item, string name, ExitReason reason) => Record(
        nameof(Messages.NonZeroExit),
        new NonZeroExitException(
            MessageText.Format(Messages.NonZeroExit, ItemText.Of(item), name, ExitText(reason)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        PSObjects.Unwrap(item));

    public static ErrorRecord StartFailed(object? item, string name, Exception cause) => Record(
        nameof(Messages.StartFailed),
        new InvalidOperationException(MessageText.Format(Messages.StartFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ResourceUnavailable,
        PSObjects.Unwrap(item));

    public static ErrorRecord CannotStart(string name, Exception cause) => Record(
        nameof(Messages.CannotStart),
        new InvalidOperationException(MessageText.Format(Messages.CannotStart, name, cause.Message), cause),
        ErrorCategory.InvalidOperation,
        name);

    public static ErrorRecord StreamFailed(object? item, string name, Exception cause) => Record(
        nameof(Messages.StreamFailed),
        new IOException(MessageText.Format(Messages.StreamFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ReadError,
        PSObjects.Unwrap(item));

    public static string LeftProcessesBehind(object? item, string name) =>
        MessageText.Format(Messages.LeftProcessesBehind, ItemText.Of(item), name);

    public static ErrorRecord WorkerDied(object? item, string name, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        nameof(Messages.WorkerDied),
        new NonZeroExitException(
            MessageText.Format(Messages.WorkerDied, ItemText.Of(item), name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        PSObjects.Unwrap(item));

    public static ErrorRecord WorkersExitAtOnce(string name, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        nameof(Messages.WorkersExitAtOnce),
        new NonZeroExitException(
            MessageText.Format(Messages.WorkersExitAtOnce, name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        name);

    public static ErrorRecord AnsweredTwice(object? item, string name, string line) => Record(
        nameof(Messages.AnsweredTwice),
        new InvalidDataException(MessageText.Format(Messages.AnsweredTwice, ItemText.Of(item), name, ItemText.Of(line))),
        ErrorCategory.ProtocolError,
        PSObjects.Unwrap(item));
}
