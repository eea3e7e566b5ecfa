using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of executables. One method each.</summary>
internal static class ExecutableErrors
{
    public static BatchException ExecutableNotFound(string name) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.ExecutableNotFound, name)), ErrorCategory.ObjectNotFound, name);

    public static BatchException PowerShellNotFound(string script) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.PowerShellNotFound, script)), ErrorCategory.ObjectNotFound, script);

    public static BatchException FileNotExecutable(string path) =>
        Fatal(new UnauthorizedAccessException(MessageText.Format(Messages.FileNotExecutable, path)), ErrorCategory.PermissionDenied, path);

    public static BatchException ExecutableIsFolder(string path) =>
        Fatal(new UnauthorizedAccessException(MessageText.Format(Messages.ExecutableIsFolder, path)), ErrorCategory.InvalidArgument, path);

    public static BatchException ScriptNotRunnable(string path, string fault) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.ScriptNotRunnable, fault)), ErrorCategory.ResourceUnavailable, path);

    public static BatchException FolderNotFound(string path) =>
        Fatal(new DirectoryNotFoundException(MessageText.Format(Messages.FolderNotFound, path)), ErrorCategory.ObjectNotFound, path);

    public static BatchException FolderNotMade(string path, Exception cause) =>
        Fatal(new IOException(MessageText.Format(Messages.FolderNotMade, path, cause.Message), cause), ErrorCategory.WriteError, path);

    public static BatchException EnvironmentNameNotAllowed(string name) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.EnvironmentNameNotAllowed, name)), ErrorCategory.InvalidArgument, name);

    public static BatchException ArgumentOfNoItem(string element) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.ArgumentOfNoItem, element)), ErrorCategory.InvalidArgument, element);

    public static BatchException ArgumentWithUsing(string expression) => Fatal(
        new PSArgumentException(MessageText.Format(
            Messages.ArgumentWithUsing, expression, expression.Replace("using:", string.Empty, StringComparison.OrdinalIgnoreCase))),
        ErrorCategory.InvalidArgument,
        expression);

    public static BatchException ArgumentNotOneValue(object? item, ScriptBlock block, int count) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ArgumentNotOneValue, ItemText.Quote(item), block.ToString().Trim(), count)),
        ErrorCategory.InvalidArgument,
        item);

    public static BatchException ArgumentIsNull(object? item, ScriptBlock block) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ArgumentIsNull, ItemText.Quote(item), block.ToString().Trim())),
        ErrorCategory.InvalidArgument,
        item);

    public static ErrorRecord ItemNotEncodable(object? item, string name, Encoding encoding, EncoderFallbackException cause) => Record(
        new PSArgumentException(
            MessageText.Format(Messages.ItemNotEncodable, ItemText.Quote(item), name, encoding.WebName, CodePointOf(cause)), cause),
        ErrorCategory.InvalidData,
        item);

    public static ErrorRecord ArgumentBlockFailed(object? item, RuntimeException cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.ArgumentBlockFailed, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidArgument,
        item);

    public static ErrorRecord ItemHasNoText(object? item, Exception cause) => Record(
        new PSArgumentException(MessageText.Format(Messages.ItemHasNoText, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        item);

    public static ErrorRecord ItemNotOneLine(object? item, string name) =>
        Record(new PSArgumentException(MessageText.Format(Messages.ItemNotOneLine, ItemText.Quote(item), name)), ErrorCategory.InvalidData, item);

    public static ErrorRecord StandardError(object? item, string line) =>
        Record(new StandardErrorException(MessageText.Format(Messages.StandardError, ItemText.Of(item), line), line), ErrorCategory.FromStdErr, item);

    public static ErrorRecord NonZeroExit(object? item, string name, ExitReason reason) => Record(
        new NonZeroExitException(
            MessageText.Format(Messages.NonZeroExit, ItemText.Of(item), name, ExitText(reason)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        item);

    public static ErrorRecord StartFailed(object? item, string name, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.StartFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ResourceUnavailable,
        item);

    public static ErrorRecord CannotStart(string name, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.CannotStart, name, cause.Message), cause),
        ErrorCategory.InvalidOperation,
        name);

    public static ErrorRecord StreamFailed(object? item, string name, Exception cause) => Record(
        new IOException(MessageText.Format(Messages.StreamFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ReadError,
        item);

    public static string OnlyInFile(object? item, string name, string cause) =>
        MessageText.Format(Messages.OnlyInFile, ItemText.Of(item), name, cause);

    public static string LeftProcessesBehind(object? item, string name) =>
        MessageText.Format(Messages.LeftProcessesBehind, ItemText.Of(item), name);

    public static BatchException FileNotCut(string path, string why, Exception? cause = null) =>
        Fatal(new IOException(MessageText.Format(Messages.FileNotCut, path, why), cause), ErrorCategory.ReadError, path);

    public static BatchException BlockEncodingNotAllowed(Encoding encoding) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.BlockEncodingNotAllowed, encoding.WebName)), ErrorCategory.InvalidArgument, encoding.WebName);

    public static BatchException BlocksNotMeasured() =>
        Fatal(new PSArgumentException(Messages.BlocksNotMeasured), ErrorCategory.InvalidArgument, nameof(InputMode.Block));

    public static BatchException NoTerminal() =>
        Fatal(new InvalidOperationException(Messages.NoTerminal), ErrorCategory.ResourceUnavailable, nameof(InputMode.Terminal));

    public static BatchException NoTerminalElsewhere() =>
        Fatal(new InvalidOperationException(Messages.NoTerminalElsewhere), ErrorCategory.InvalidArgument, nameof(InputMode.Terminal));

    public static ErrorRecord TerminalWanted(object? item, string program) => Record(
        new InvalidOperationException(MessageText.Format(Messages.TerminalWanted, ItemText.Of(item), program)), ErrorCategory.ResourceUnavailable, item);

    public static ErrorRecord WorkerDied(object? item, string name, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        reason.WaitedForTerminal is { } program ? TerminalWanted(item, program) : Record(
            new NonZeroExitException(
                MessageText.Format(Messages.WorkerDied, ItemText.Of(item), name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
            ErrorCategory.InvalidResult,
            item);

    public static ErrorRecord WorkersExitAtOnce(string name, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        new NonZeroExitException(
            MessageText.Format(Messages.WorkersExitAtOnce, name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        name);

    public static ErrorRecord AnsweredTwice(object? item, string name, string line) => Record(
        new InvalidDataException(MessageText.Format(Messages.AnsweredTwice, ItemText.Of(item), name, ItemText.Of(line))),
        ErrorCategory.ProtocolError,
        item);

    private static string CodePointOf(EncoderFallbackException exception) => string.Create(
        CultureInfo.InvariantCulture,
        $"U+{(exception.CharUnknownHigh == 0 ? exception.CharUnknown : char.ConvertToUtf32(exception.CharUnknownHigh, exception.CharUnknownLow)):X4}");
}
