using Switchyard.Core.Processes;
using Switchyard.Core.Transports;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of worker processes. One method each.</summary>
internal static class ProcessErrors
{
    /// <summary>The exit code of a worker's start that has said in its error output why it cannot be a worker.</summary>
    public const int FarRefusalCode = 120;

    // What every shell says of a program that it cannot run or does not find, and ssh of a connection.
    private const int CommandNotRunnableCode = 126;
    private const int CommandNotFoundCode = 127;
    private const int SshFailureCode = 255;

    private static readonly (string Said, string? Meant)[] _sshWords =
    [
        ("Host key verification failed", Messages.FarHostKeyRefused), ("Permission denied", Messages.FarLoginRefused), ("Could not resolve hostname", Messages.FarNameUnknown),
    ];

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

    /// <param name="shell">The PowerShell that was to be started there.</param>
    public static ErrorRecord HostNotUsable(string host, string shell, TransportStartException cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.HostNotUsable, host, FarReason(shell, cause), LastWords(cause)), cause),
        ErrorCategory.ConnectionError,
        host);

    public static ErrorRecord NoHostUsable(IReadOnlyList<string> reasons) => Record(
        new InvalidOperationException(MessageText.Format(Messages.NoHostUsable, string.Join(" ", reasons))), ErrorCategory.ConnectionError, null);

    public static BatchException HostNameNotAllowed(object? name) =>
        Fatal(new ArgumentException(MessageText.Format(Messages.HostNameNotAllowed, ItemText.Of(name))), ErrorCategory.InvalidArgument, name);

    public static ErrorRecord HostListFailed(Exception cause, object? target) => Record(
        new InvalidOperationException(MessageText.Format(Messages.HostListFailed, cause.Message), cause), ErrorCategory.InvalidResult, target);

    public static BatchException HostListNotAlone(object block) =>
        Fatal(new ArgumentException(Messages.HostListNotAlone), ErrorCategory.InvalidArgument, block);

    public static BatchException SshNotFound(string path) =>
        Fatal(new CommandNotFoundException(Messages.SshNotFound), ErrorCategory.ObjectNotFound, path);

    public static BatchException JobTemplateNotAllowed(string path, Exception cause) => Fatal(
        new ArgumentException(MessageText.Format(Messages.JobTemplateNotAllowed, path, cause.Message), cause), ErrorCategory.InvalidArgument, path);

    public static BatchException SlurmProgramNotFound(string path) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.SlurmProgramNotFound, path)), ErrorCategory.ObjectNotFound, path);

    public static BatchException CallbackNotPossible(IOException cause) => Fatal(new IOException(MessageText.Format(Messages.CallbackNotPossible, cause.Message), cause), ErrorCategory.OpenError, null);

    public static BatchException LaunchCommandNotFound(string path) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.LaunchCommandNotFound, path)), ErrorCategory.ObjectNotFound, path);

    public static BatchException FarFolderNotFound(string folder, string machine) =>
        Fatal(new DirectoryNotFoundException(MessageText.Format(Messages.FarFolderNotFound, folder, machine)), ErrorCategory.ObjectNotFound, folder);

    private static string FarReason(string shell, TransportStartException cause) => cause switch
    {
        { Exit.ExitCode: FarRefusalCode, LastErrors: { Count: > 0 } words } => string.Join(" ", words),
        { Exit.ExitCode: CommandNotFoundCode } => MessageText.Format(Messages.FarShellNotFound, shell),
        { Exit.ExitCode: CommandNotRunnableCode } => MessageText.Format(Messages.FarShellNotRunnable, shell),
        { Exit.ExitCode: SshFailureCode } => Array.Find(_sshWords, words => cause.LastErrors.Any(line => line.Contains(words.Said, StringComparison.Ordinal))).Meant ?? Messages.FarConnectionFailed,
        { Exit: { } reason, IsBeforeHello: true } => MessageText.Format(Messages.FarShellNotStarted, shell, ExitText(reason)),
        { Exit: { } reason } => $"{cause.Message} It {ExitText(reason)}.",
        _ => cause.Message,
    };

    // In one line, without the frame that ssh draws around what it warns of.
    private static string LastWords(TransportStartException cause)
    {
        string[] lines = cause.Exit?.ExitCode == FarRefusalCode ? [] : [.. cause.LastErrors.Where(line => line.Length > 0 && !line.StartsWith('@'))];
        return lines.Length == 0 ? string.Empty : MessageText.Format(Messages.FarLastWords, string.Join(" / ", lines));
    }

    public static BatchException PowerShellPathNotFound(string path) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.PowerShellPathNotFound, path)), ErrorCategory.ObjectNotFound, path);

    public static BatchException PowerShellForWorkersNotFound() =>
        Fatal(new CommandNotFoundException(Messages.PowerShellForWorkersNotFound), ErrorCategory.ObjectNotFound, "pwsh");
}
