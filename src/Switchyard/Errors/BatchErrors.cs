using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Switchyard.Batch;
using Switchyard.FarEnds;
using Switchyard.Processes;
using Switchyard.Items;
using Switchyard.Journal;
using Switchyard.SharedState;
using Switchyard.Policies;

namespace Switchyard.Errors;

/// <summary>
/// Every error of this module's own: one method each, whose id is the name of its message, so that the two cannot drift apart.
/// Ids look like <c>Switchyard.FunctionNotFound</c>.
/// </summary>
internal static class BatchErrors
{
    private const string Prefix = "Switchyard.";

    public static BatchException UsingVariableUndefined(string variable, UsingExpressionAst expression) => new(Record(
        nameof(Messages.UsingVariableUndefined),
        new RuntimeException(Format(Messages.UsingVariableUndefined, variable, expression.Extent.Text)),
        ErrorCategory.InvalidOperation,
        expression.Extent.Text));

    public static BatchException ScriptBlockNotAllowed(string what, object? block) => new(Record(
        nameof(Messages.ScriptBlockNotAllowed),
        new PSArgumentException(Format(Messages.ScriptBlockNotAllowed, what)),
        ErrorCategory.InvalidType,
        block));

    public static BatchException FunctionNotFound(string name) => new(Record(
        nameof(Messages.FunctionNotFound),
        new CommandNotFoundException(Format(Messages.FunctionNotFound, name)),
        ErrorCategory.ObjectNotFound,
        name));

    public static BatchException ModuleNotFound(string name) => new(Record(
        nameof(Messages.ModuleNotFound),
        new ItemNotFoundException(Format(Messages.ModuleNotFound, name)),
        ErrorCategory.ObjectNotFound,
        name));

    public static BatchException ModulePathNotFileSystem(string path, string provider) => new(Record(
        nameof(Messages.ModulePathNotFileSystem),
        new NotSupportedException(Format(Messages.ModulePathNotFileSystem, path, provider)),
        ErrorCategory.InvalidArgument,
        path));

    public static BatchException ModuleImportFailed(string module, Exception cause) => new(Record(
        nameof(Messages.ModuleImportFailed),
        new InvalidOperationException(Format(Messages.ModuleImportFailed, module, cause.Message), cause),
        ErrorCategory.OpenError,
        module));

    public static BatchException VariableNameNotAllowed(object? name, string why) => new(Record(
        nameof(Messages.VariableNameNotAllowed),
        new PSArgumentException(Format(Messages.VariableNameNotAllowed, name, why)),
        ErrorCategory.InvalidArgument,
        name));

    public static BatchException InitializationFailed(Exception cause)
    {
        ErrorRecord? inner = (cause as IContainsErrorRecord)?.ErrorRecord;
        ErrorRecord record = Record(
            nameof(Messages.InitializationFailed),
            new InvalidOperationException(Format(Messages.InitializationFailed, inner?.ToString() ?? cause.Message), cause),
            inner?.CategoryInfo.Category ?? ErrorCategory.InvalidOperation,
            null);
        return new BatchException(record);
    }

    public static BatchException ProcessNotFound(int id) => new(Record(
        nameof(Messages.ProcessNotFound),
        new ArgumentException(Format(Messages.ProcessNotFound, id)),
        ErrorCategory.ObjectNotFound,
        id));

    public static BatchException ProcessEnded(int id, string name) => new(Record(
        nameof(Messages.ProcessEnded),
        new InvalidOperationException(Format(Messages.ProcessEnded, id, name)),
        ErrorCategory.ResourceUnavailable,
        id));

    public static BatchException ProcessNotReadable(int id, string name, Exception cause) => new(Record(
        nameof(Messages.ProcessNotReadable),
        new UnauthorizedAccessException(Format(Messages.ProcessNotReadable, id, name, cause.Message), cause),
        ErrorCategory.PermissionDenied,
        id));

    public static BatchException NoItemsToMeasure() => new(Record(
        nameof(Messages.NoItemsToMeasure),
        new InvalidOperationException(Messages.NoItemsToMeasure),
        ErrorCategory.InvalidData,
        null));

    public static BatchException NoItemFinished(double seconds) => new(Record(
        nameof(Messages.NoItemFinished),
        new TimeoutException(Format(Messages.NoItemFinished, seconds)),
        ErrorCategory.OperationTimeout,
        null));

    public static BatchException AllItemsFailed(int count, ErrorRecord? first) => new(Record(
        nameof(Messages.AllItemsFailed),
        new InvalidOperationException(Format(Messages.AllItemsFailed, count, first?.ToString() ?? "-"), first?.Exception),
        ErrorCategory.InvalidResult,
        first?.TargetObject));

    public static BatchException ReportNotWritten(string path, Exception cause) => new(Record(
        nameof(Messages.ReportNotWritten),
        new IOException(Format(Messages.ReportNotWritten, path, cause.Message), cause),
        ErrorCategory.WriteError,
        path));

    public static BatchException ParameterNeedsAnother(string parameter, string other) => new(Record(
        nameof(Messages.ParameterNeedsAnother),
        new PSArgumentException(Format(Messages.ParameterNeedsAnother, parameter, other), parameter),
        ErrorCategory.InvalidArgument,
        parameter));

    public static BatchException MinFreeMemoryTooHigh(long megabytes, long total) => new(Record(
        nameof(Messages.MinFreeMemoryTooHigh),
        new PSArgumentException(Format(Messages.MinFreeMemoryTooHigh, megabytes, total)),
        ErrorCategory.InvalidArgument,
        megabytes));

    public static BatchException ParametersExcludeEachOther(string parameter, string other) => new(Record(
        nameof(Messages.ParametersExcludeEachOther),
        new PSArgumentException(Format(Messages.ParametersExcludeEachOther, parameter, other), parameter),
        ErrorCategory.InvalidArgument,
        parameter));

    public static BatchException ExecutableNotFound(string name) => new(Record(
        nameof(Messages.ExecutableNotFound),
        new CommandNotFoundException(Format(Messages.ExecutableNotFound, name)),
        ErrorCategory.ObjectNotFound,
        name));

    public static BatchException PowerShellNotFound(string script) => new(Record(
        nameof(Messages.PowerShellNotFound),
        new CommandNotFoundException(Format(Messages.PowerShellNotFound, script)),
        ErrorCategory.ObjectNotFound,
        script));

    public static BatchException FileNotExecutable(string path) => new(Record(
        nameof(Messages.FileNotExecutable),
        new UnauthorizedAccessException(Format(Messages.FileNotExecutable, path)),
        ErrorCategory.PermissionDenied,
        path));

    public static BatchException FolderNotFound(string path) => new(Record(
        nameof(Messages.FolderNotFound),
        new DirectoryNotFoundException(Format(Messages.FolderNotFound, path)),
        ErrorCategory.ObjectNotFound,
        path));

    public static BatchException FolderNotMade(string path, Exception cause) => new(Record(
        nameof(Messages.FolderNotMade),
        new IOException(Format(Messages.FolderNotMade, path, cause.Message), cause),
        ErrorCategory.WriteError,
        path));

    public static BatchException EnvironmentNameNotAllowed(string name) => new(Record(
        nameof(Messages.EnvironmentNameNotAllowed),
        new PSArgumentException(Format(Messages.EnvironmentNameNotAllowed, name)),
        ErrorCategory.InvalidArgument,
        name));

    public static BatchException ArgumentOfNoItem(string element) => new(Record(
        nameof(Messages.ArgumentOfNoItem),
        new PSArgumentException(Format(Messages.ArgumentOfNoItem, element)),
        ErrorCategory.InvalidArgument,
        element));

    public static BatchException ArgumentNotOneValue(object? item, ScriptBlock block, int count) => new(Record(
        nameof(Messages.ArgumentNotOneValue),
        new PSArgumentException(Format(Messages.ArgumentNotOneValue, ItemText.Quote(item), block.ToString().Trim(), count)),
        ErrorCategory.InvalidArgument,
        PSObjects.Unwrap(item)));

    public static ErrorRecord ArgumentBlockFailed(object? item, RuntimeException cause) => Record(
        nameof(Messages.ArgumentBlockFailed),
        new InvalidOperationException(Format(Messages.ArgumentBlockFailed, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidArgument,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemHasNoText(object? item, Exception cause) => Record(
        nameof(Messages.ItemHasNoText),
        new PSArgumentException(Format(Messages.ItemHasNoText, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemNotOneLine(object? item, string name) => Record(
        nameof(Messages.ItemNotOneLine),
        new PSArgumentException(Format(Messages.ItemNotOneLine, ItemText.Quote(item), name)),
        ErrorCategory.InvalidData,
        PSObjects.Unwrap(item));

    public static ErrorRecord StandardError(object? item, string line) => Record(
        nameof(Messages.StandardError),
        new StandardErrorException(Format(Messages.StandardError, ItemText.Of(item), line), line),
        ErrorCategory.FromStdErr,
        PSObjects.Unwrap(item));

    public static ErrorRecord NonZeroExit(object? item, string name, ExitReason reason) => Record(
        nameof(Messages.NonZeroExit),
        new NonZeroExitException(
            Format(Messages.NonZeroExit, ItemText.Of(item), name, ExitText(reason)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        PSObjects.Unwrap(item));

    public static ErrorRecord StartFailed(object? item, string name, Exception cause) => Record(
        nameof(Messages.StartFailed),
        new InvalidOperationException(Format(Messages.StartFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ResourceUnavailable,
        PSObjects.Unwrap(item));

    public static ErrorRecord CannotStart(string name, Exception cause) => Record(
        nameof(Messages.CannotStart),
        new InvalidOperationException(Format(Messages.CannotStart, name, cause.Message), cause),
        ErrorCategory.InvalidOperation,
        name);

    public static ErrorRecord StreamFailed(object? item, string name, Exception cause) => Record(
        nameof(Messages.StreamFailed),
        new IOException(Format(Messages.StreamFailed, ItemText.Of(item), name, cause.Message), cause),
        ErrorCategory.ReadError,
        PSObjects.Unwrap(item));

    public static string LeftProcessesBehind(object? item, string name) =>
        Format(Messages.LeftProcessesBehind, ItemText.Of(item), name);

    public static ErrorRecord WorkerDied(object? item, string name, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        nameof(Messages.WorkerDied),
        new NonZeroExitException(
            Format(Messages.WorkerDied, ItemText.Of(item), name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        PSObjects.Unwrap(item));

    public static ErrorRecord WorkersExitAtOnce(string name, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        nameof(Messages.WorkersExitAtOnce),
        new NonZeroExitException(
            Format(Messages.WorkersExitAtOnce, name, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.InvalidResult,
        name);

    public static ErrorRecord AnsweredTwice(object? item, string name, string line) => Record(
        nameof(Messages.AnsweredTwice),
        new InvalidDataException(Format(Messages.AnsweredTwice, ItemText.Of(item), name, ItemText.Of(line))),
        ErrorCategory.ProtocolError,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemTimedOut(object? item, TimeSpan duration, double seconds) => Record(
        nameof(Messages.ItemTimedOut),
        new TimeoutException(seconds > 0
            ? Format(Messages.ItemTimedOut, ItemText.Quote(item), seconds)
            : Format(Messages.ItemTimedOutWithRun, ItemText.Quote(item), duration.TotalSeconds)),
        ErrorCategory.OperationTimeout,
        PSObjects.Unwrap(item));

    public static ErrorRecord TooManyFailures(int most, RunOutcome outcome) => Record(
        nameof(Messages.TooManyFailures),
        new InvalidOperationException(
            Format(Messages.TooManyFailures, outcome.Failed, most, outcome.Read, outcome.Finished, outcome.Skipped)),
        ErrorCategory.LimitsExceeded,
        null);

    public static ErrorRecord RunFailed(Exception cause) => cause switch
    {
        WorkerStartException { Subject: ErrorRecord record } => record,
        JournalException exception => JournalUnusable(exception).Record,
        _ => WorkerFailed(cause),
    };

    public static BatchException JournalUnusable(JournalException cause)
    {
        (string id, string message, ErrorCategory category) = cause.Problem switch
        {
            JournalProblem.Exists =>
                (nameof(Messages.JournalExists), Format(Messages.JournalExists, cause.Path), ErrorCategory.ResourceExists),
            JournalProblem.InUse when cause.Detail.Length > 0 =>
                (nameof(Messages.JournalInUse), Format(Messages.JournalInUseBy, cause.Path, cause.Detail), ErrorCategory.ResourceBusy),
            JournalProblem.InUse =>
                (nameof(Messages.JournalInUse), Format(Messages.JournalInUse, cause.Path), ErrorCategory.ResourceBusy),
            JournalProblem.NotAJournal =>
                (nameof(Messages.NotAJournal), Format(Messages.NotAJournal, cause.Path), ErrorCategory.InvalidData),
            JournalProblem.NewerVersion =>
                (nameof(Messages.JournalNewerVersion), Format(Messages.JournalNewerVersion, cause.Path), ErrorCategory.InvalidData),
            JournalProblem.Damaged =>
                (nameof(Messages.JournalDamaged), Format(Messages.JournalDamaged, cause.Line, cause.Path, cause.Detail), ErrorCategory.InvalidData),
            JournalProblem.NotWritable =>
                (nameof(Messages.JournalNotWritable), Format(Messages.JournalNotWritable, cause.Path, cause.Detail), ErrorCategory.WriteError),
            _ => (nameof(Messages.JournalNotReadable), Format(Messages.JournalNotReadable, cause.Path, cause.Detail), ErrorCategory.OpenError),
        };
        return new BatchException(Record(id, new IOException(message, cause), category, cause.Path));
    }

    public static string JournalDiffers(string path, IReadOnlyList<string> names) =>
        Format(Messages.JournalDiffers, path, string.Join(", ", names.Select(name => "-" + name)));

    public static string NoJournalMatches(string path) => Format(Messages.NoJournalMatches, path);

    public static string JournalCutOff(string path) => Format(Messages.JournalCutOff, path);

    public static ErrorRecord ItemNotInJournal(BatchJournalEntry entry) => Record(
        nameof(Messages.ItemNotInJournal),
        new InvalidOperationException(Format(Messages.ItemNotInJournal, entry.ItemText)),
        ErrorCategory.InvalidData,
        entry);

    public static ErrorRecord TraceNotWritten(string path, Exception cause) => Record(
        nameof(Messages.TraceNotWritten), new IOException(Format(Messages.TraceNotWritten, path, cause.Message), cause), ErrorCategory.WriteError, path);

    public static string LockAbandoned(object? item, SharedLock shared) => Format(Messages.LockAbandoned, ItemText.Of(item), shared);

    public static BatchException ParameterNotForKind(string parameter, SharedKind kind) => new(Record(
        nameof(Messages.ParameterNotForKind),
        new PSArgumentException(Format(Messages.ParameterNotForKind, parameter, kind), parameter),
        ErrorCategory.InvalidArgument,
        parameter));

    public static BatchException InitialNotAllowed(SharedKind kind, object? initial, Exception cause) => new(Record(
        nameof(Messages.InitialNotAllowed),
        new PSArgumentException(Format(Messages.InitialNotAllowed, kind, cause.Message)),
        ErrorCategory.InvalidArgument,
        PSObjects.Unwrap(initial)));

    public static BatchException QueueNotFirst(SharedQueue queue) => new(Record(
        nameof(Messages.QueueNotFirst),
        new InvalidOperationException(Format(Messages.QueueNotFirst, queue)),
        ErrorCategory.InvalidOperation,
        queue));

    public static BatchException QueueArguments(SharedQueue queue) => new(Record(
        nameof(Messages.QueueArguments), new PSArgumentException(Messages.QueueArguments), ErrorCategory.InvalidArgument, queue));

    public static BatchException QueueNotHere(SharedQueue queue) => new(Record(
        nameof(Messages.QueueNotHere),
        new NotSupportedException(Format(Messages.QueueNotHere, queue)),
        ErrorCategory.NotImplemented,
        queue));

    public static string DoneBefore(long done, long read) => Format(Messages.DoneBefore, done, read);

    public static ErrorRecord WorkerFailed(Exception cause) => Record(
        nameof(Messages.WorkerFailed),
        new InvalidOperationException(Format(Messages.WorkerFailed, cause.Message), cause),
        ErrorCategory.InvalidResult,
        null);

    public static ErrorRecord RunTimedOut(double seconds, RunOutcome outcome)
    {
        string items = outcome.Interrupted.Count == 0
            ? string.Empty
            : Format(Messages.RunTimedOutItems, string.Join(", ", outcome.Interrupted.Take(3).Select(item => ItemText.Quote(item.Input))));
        string message = Format(
            Messages.RunTimedOut, seconds, outcome.Read, outcome.Finished, outcome.Interrupted.Count, items, outcome.Skipped);
        object?[] running = [.. outcome.Interrupted.Select(item => PSObjects.Unwrap(item.Input))];
        return Record(
            nameof(Messages.RunTimedOut),
            new TimeoutException(message),
            ErrorCategory.OperationTimeout,
            running.Length == 1 ? running[0] : running);
    }

    public static string ThrottleChanged(ThrottleChange change) =>
        Format(Messages.ThrottleChanged, change.OldLimit, change.NewLimit, change.Reason);

    public static string MemoryLow(long free, long floor) => Format(Messages.MemoryLow, free, floor);

    public static string JobStatus(long done, long total, long failed) => failed > 0
        ? Format(Messages.JobStatusWithFailures, done, total, failed)
        : Format(Messages.JobStatus, done, total);

    public static string AbandonedWorkers(int count) => Format(Messages.AbandonedWorkers, count);

    public static string CloneIncomplete(IReadOnlyCollection<string> variables, IReadOnlyCollection<string> modules)
    {
        List<string> parts = [];
        if (variables.Count > 0)
        {
            parts.Add(Format(Messages.CloneIncompleteVariables, string.Join(", ", variables.Select(name => "$" + name))));
        }

        if (modules.Count > 0)
        {
            parts.Add(Format(Messages.CloneIncompleteModules, string.Join(", ", modules)));
        }

        return Format(Messages.CloneIncomplete, string.Join("; ", parts));
    }

    public static string CloneStepFailed(string what, Exception cause) => Format(Messages.CloneStepFailed, what, cause.Message);

    public static string Format(string format, params object?[] arguments) =>
        string.Format(CultureInfo.CurrentCulture, format, arguments);

    public static BatchException ValueNotSent(string what, Exception cause) => new(Record(
        nameof(Messages.ValueNotSent),
        new InvalidOperationException(Format(Messages.ValueNotSent, what, cause.Message), cause),
        ErrorCategory.InvalidType,
        what));

    public static string VariablesNotSent(IEnumerable<string> names) => Format(Messages.VariablesNotSent, string.Join(", ", names));

    public static string ClassesNotSent(IEnumerable<string> names) => Format(Messages.ClassesNotSent, string.Join(", ", names));

    public static ErrorRecord ItemNotSent(object? item, Exception cause) => Record(
        nameof(Messages.ItemNotSent),
        new InvalidOperationException(Format(Messages.ItemNotSent, ItemText.Of(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        PSObjects.Unwrap(item));

    public static ErrorRecord ItemNotRead(Exception cause) => Record(
        nameof(Messages.ItemNotRead),
        new InvalidOperationException(Format(Messages.ItemNotRead, cause.Message), cause),
        ErrorCategory.InvalidType,
        null);

    public static ErrorRecord OutputNotSent(object? value, object? item, Exception cause) => Record(
        nameof(Messages.OutputNotSent),
        new InvalidOperationException(Format(Messages.OutputNotSent, PSObjects.Unwrap(value)?.GetType(), cause.Message), cause),
        ErrorCategory.InvalidType,
        PSObjects.Unwrap(item));

    public static ErrorRecord OutputNotRead(object? item, Exception cause) => Record(
        nameof(Messages.OutputNotRead),
        new InvalidOperationException(Format(Messages.OutputNotRead, ItemText.Of(item), cause.Message), cause),
        ErrorCategory.InvalidType,
        PSObjects.Unwrap(item));

    public static ErrorRecord WorkerCrashed(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors) => Record(
        nameof(Messages.WorkerCrashed),
        new NonZeroExitException(
            Format(Messages.WorkerCrashed, ItemText.Of(item), worker, ExitText(reason), Quoted(lastErrors)), reason.ExitCode, reason.SignalName),
        ErrorCategory.ResourceUnavailable,
        PSObjects.Unwrap(item));

    public static ErrorRecord WorkerNotStarted(string name, FarEndStartException cause) => Record(
        nameof(Messages.WorkerNotStarted),
        new InvalidOperationException(
            Format(
                Messages.WorkerNotStarted,
                name,
                cause.Message,
                cause.Exit is { } reason ? $" It {ExitText(reason)}." : string.Empty,
                Quoted(cause.LastErrors)),
            cause),
        ErrorCategory.OpenError,
        name);

    public static BatchException PowerShellPathNotFound(string path) => new(Record(
        nameof(Messages.PowerShellPathNotFound),
        new CommandNotFoundException(Format(Messages.PowerShellPathNotFound, path)),
        ErrorCategory.ObjectNotFound,
        path));

    public static BatchException PowerShellForWorkersNotFound() => new(Record(
        nameof(Messages.PowerShellForWorkersNotFound),
        new CommandNotFoundException(Messages.PowerShellForWorkersNotFound),
        ErrorCategory.ObjectNotFound,
        "pwsh"));

    private static string ExitText(ExitReason reason) => reason.SignalName is { } signal
        ? Format(Messages.ExitBySignal, signal)
        : Format(Messages.ExitByCode, reason.ExitCode);

    private static string Quoted(IReadOnlyList<string> lastErrors) =>
        lastErrors.Count == 0 ? string.Empty : Format(Messages.LastErrors, string.Join(Environment.NewLine, lastErrors));

    private static ErrorRecord Record(string id, Exception exception, ErrorCategory category, object? target) =>
        new(exception, Prefix + id, category, target);
}
