using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Streams;

namespace Switchyard.Runspaces;

/// <summary>What an <see cref="ItemLoopCommand"/> needs: where items come from, where they go, and the session it runs in.</summary>
/// <param name="Session">The session, which is put in order before each item.</param>
/// <param name="Thread">The thread, likewise.</param>
internal sealed record ItemLoop(
    SharedBody Body, IItemSource Source, IItemSink Sink, ItemScope Session, ThreadSettings Thread, bool HonoursRetryAfter)
{
    public OutputRelay Output { get; } = new(Sink);

    /// <summary>Makes the error of what has ended an item; null for the one that it was.</summary>
    public Func<ErrorRecord, ErrorRecord>? Failure { get; init; }

    public object? CurrentItem { get; private set; }

    /// <summary>How long a server that refused the current item asks to be left alone; null if none did.</summary>
    public TimeSpan? RetryAfterTime { get; private set; }

    public void Begin(object? item)
    {
        CurrentItem = item;
        RetryAfterTime = null;
    }

    /// <summary>Reports an error of the current item, with the item as its target unless it names one itself.</summary>
    public void WriteError(ErrorRecord record)
    {
        CheckRetryAfter(record.Exception);
        if (record.TargetObject is null)
        {
            record = EngineErrors.WithTarget(record, PSObjects.Unwrap(CurrentItem));
        }

        Sink.Write(RecordKind.Error, record);
    }

    /// <summary>Reports what ended the current item before its end.</summary>
    public void WriteFailure(Exception exception)
    {
        CheckRetryAfter(exception);

        // As a catch block sees it: the record of the throw, holding the exception that was thrown.
        ErrorRecord record = exception is IContainsErrorRecord { ErrorRecord: { } inner }
            ? new ErrorRecord(inner, exception)
            : new ErrorRecord(exception, exception.GetType().Name, ErrorCategory.NotSpecified, null);
        record = Failure?.Invoke(record) ?? record;
        Sink.Write(RecordKind.Error, EngineErrors.WithTarget(record, PSObjects.Unwrap(CurrentItem)));
    }

    /// <summary>Lets go of the shared locks that the current item still holds, and says so.</summary>
    public void ReleaseLocks()
    {
        foreach (SharedLock shared in Session.ReleaseLocks())
        {
            Sink.Write(RecordKind.Warning, new WarningRecord(SharedStateErrors.LockAbandoned(CurrentItem, shared)));
        }
    }

    private void CheckRetryAfter(Exception exception)
    {
        if (HonoursRetryAfter)
        {
            RetryAfterTime ??= RetryAfter.Find(exception, DateTimeOffset.UtcNow);
        }
    }
}
