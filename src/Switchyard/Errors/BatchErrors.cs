using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using Switchyard.Batch;
using Switchyard.Items;
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

    public static ErrorRecord RunFailed(Exception cause) =>
        (cause as WorkerStartException)?.Subject as ErrorRecord ?? WorkerFailed(cause);

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

    private static ErrorRecord Record(string id, Exception exception, ErrorCategory category, object? target) =>
        new(exception, Prefix + id, category, target);
}
