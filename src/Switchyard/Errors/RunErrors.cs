using Switchyard.Core.Batch;
using Switchyard.Core.Journal;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors and messages of a run. One method each.</summary>
internal static class RunErrors
{
    public static ErrorRecord ItemStopped(object? item) =>
        Record(new OperationCanceledException(MessageText.Format(Messages.ItemStopped, ItemText.Quote(item))), ErrorCategory.OperationStopped, item);

    public static ErrorRecord ItemTimedOut(object? item, TimeSpan duration, double seconds) => Record(
        new TimeoutException(seconds > 0
            ? MessageText.Format(Messages.ItemTimedOut, ItemText.Quote(item), seconds)
            : MessageText.Format(Messages.ItemTimedOutWithRun, ItemText.Quote(item), duration.TotalSeconds)),
        ErrorCategory.OperationTimeout,
        item);

    public static ErrorRecord RunTimedOut(double seconds, RunOutcome outcome)
    {
        string items = outcome.Interrupted.Count == 0
            ? string.Empty
            : MessageText.Format(Messages.RunTimedOutItems, string.Join(", ", outcome.Interrupted.Take(3).Select(item => ItemText.Quote(item.Input))));
        string message = MessageText.Format(
            Messages.RunTimedOut, seconds, outcome.Read, outcome.Finished, outcome.Interrupted.Count, items, outcome.Skipped);
        object?[] running = [.. outcome.Interrupted.Select(item => PSObjects.Unwrap(item.Input))];
        return Record(
            new TimeoutException(message),
            ErrorCategory.OperationTimeout,
            running.Length == 1 ? running[0] : running);
    }

    public static ErrorRecord TooManyFailures(int most, RunOutcome outcome) => Record(
        new InvalidOperationException(MessageText.Format(Messages.TooManyFailures, outcome.Failed, most, outcome.Read, outcome.Finished, outcome.Skipped)),
        ErrorCategory.LimitsExceeded,
        null);

    public static ErrorRecord SumsLost(int worker, long count) => Record(
        new InvalidOperationException(MessageText.Format(Messages.SumsLost, worker, count)), ErrorCategory.ResourceUnavailable, worker);

    public static ErrorRecord BatchStopped(RunOutcome outcome) => Record(
        new OperationCanceledException(MessageText.Format(Messages.BatchStopped, outcome.Read, outcome.Finished, outcome.Interrupted.Count, outcome.Skipped)),
        ErrorCategory.OperationStopped,
        null);

    public static ErrorRecord InputNotStopped() =>
        Record(new InvalidOperationException(Messages.InputNotStopped), ErrorCategory.LimitsExceeded, null);

    public static ErrorRecord RunFailed(Exception cause) => cause switch
    {
        WorkerStartException { Subject: ErrorRecord record } => record,
        JournalException exception => JournalErrors.JournalUnusable(exception).Record,
        _ => WorkerFailed(cause),
    };

    public static ErrorRecord WorkerFailed(Exception cause) =>
        Record(new InvalidOperationException(MessageText.Format(Messages.WorkerFailed, cause.Message), cause), ErrorCategory.InvalidResult, null);

    public static string JobStatus(long done, long total, long failed) => failed > 0
        ? MessageText.Format(Messages.JobStatusWithFailures, done, total, failed)
        : MessageText.Format(Messages.JobStatus, done, total);

    public static string AbandonedWorkers(int count) => MessageText.Format(Messages.AbandonedWorkers, count);

    public static string DoneBefore(long done, long read) => MessageText.Format(Messages.DoneBefore, done, read);
}
