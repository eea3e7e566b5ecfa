namespace Switchyard.Core.Items;

/// <summary>
/// One attempt at an item. Its worker ends it, or a deadline, or the end of the run: the first does, and what the others bring
/// later is dropped. So an abandoned worker that wakes up long after can change nothing any more.
/// </summary>
internal sealed class ItemAttempt
{
    private readonly object _lock = new();
    private readonly bool _collects;
    private readonly bool _holds;
    private readonly bool _holdsOutput;
    private List<object?>? _output;
    private List<object>? _errors;
    private List<ItemRecord>? _held;
    private bool _isExpired;
    private bool _isEnded;

    /// <summary>Begins an attempt.</summary>
    /// <param name="item">The item, which has an account.</param>
    /// <param name="workerId">Number of the worker.</param>
    /// <param name="startedAt">Timestamp of the run's clock.</param>
    /// <param name="cpuAtStart">Processor time of the worker's thread so far; null where it is not known.</param>
    /// <param name="collects">Whether output and errors are kept for the item's result.</param>
    /// <param name="holds">Whether all else is kept until it is known whether this attempt counts.</param>
    /// <param name="holdsOutput">Whether output is kept until the item's end is noted: what was handed on is never made again.</param>
    public ItemAttempt(BatchItem item, int workerId, long startedAt, TimeSpan? cpuAtStart, bool collects, bool holds, bool holdsOutput)
    {
        Item = item;
        WorkerId = workerId;
        StartedAt = startedAt;
        CpuAtStart = cpuAtStart;
        _collects = collects;
        _holds = holds;
        _holdsOutput = holdsOutput;
    }

    /// <summary>The item.</summary>
    public BatchItem Item { get; }

    /// <summary>What is known of the item.</summary>
    public ItemAccount Account => Item.Account!;

    /// <summary>Number of the worker.</summary>
    public int WorkerId { get; }

    /// <summary>When it was begun.</summary>
    public long StartedAt { get; }

    /// <summary>Processor time of the worker's thread when it was begun.</summary>
    public TimeSpan? CpuAtStart { get; }

    /// <summary>How it ended.</summary>
    public ItemEnd End { get; private set; }

    /// <summary>Whether it has ended. A snapshot.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>The last error that it wrote; null if it wrote none. To be read only once it has ended.</summary>
    public object? LastError { get; private set; }

    /// <summary>What it wrote as output, if that is collected. To be read only once it has ended.</summary>
    public IReadOnlyList<object?> Output => _output ?? [];

    /// <summary>What it wrote as errors, if those are collected. To be read only once it has ended.</summary>
    public IReadOnlyList<object> Errors => _errors ?? [];

    /// <summary>What else it wrote, if that is held back. To be read only once it has ended.</summary>
    public IReadOnlyList<ItemRecord> Held => _held ?? [];

    /// <summary>Keeps a record that is not to be written, or not yet.</summary>
    /// <param name="record">The record.</param>
    /// <returns>False if it is to be written now.</returns>
    public bool TryKeep(in ItemRecord record)
    {
        lock (_lock)
        {
            if (_isEnded || _isExpired)
            {
                // What is written after the deadline is no part of the item any more.
                return true;
            }

            if (record.Kind == RecordKind.Error)
            {
                LastError = record.Value;
            }

            if (_collects && record.Kind == RecordKind.Output)
            {
                (_output ??= []).Add(record.Value);
                return true;
            }

            if (_collects && record.Kind == RecordKind.Error)
            {
                (_errors ??= []).Add(record.Value!);
                return true;
            }

            if ((_holds && record.Kind != RecordKind.Progress) || (_holdsOutput && record.Kind == RecordKind.Output))
            {
                (_held ??= []).Add(record);
                return true;
            }

            return false;
        }
    }

    /// <summary>Lets its deadline pass: from now on it can only be timed out.</summary>
    /// <returns>False if it has ended before.</returns>
    public bool TryExpire()
    {
        lock (_lock)
        {
            _isExpired |= !_isEnded;
            return !_isEnded;
        }
    }

    /// <summary>Ends it as its worker says, if the worker has a say.</summary>
    /// <param name="end">What the worker says.</param>
    /// <param name="isOver">Whether the run is over: then a failure may come of having been stopped, and is left to the run's account.</param>
    /// <returns>Whether this call ended it; then <see cref="End"/> tells how.</returns>
    public bool TryEnd(in ItemEnd end, bool isOver)
    {
        lock (_lock)
        {
            if (_isExpired)
            {
                return TryEndLocked(end with { Status = ItemStatus.TimedOut, RetryAfter = null });
            }

            // Nobody stopped it, so it has stopped by itself.
            ItemEnd own = end.Status is ItemStatus.Canceled ? end with { Status = ItemStatus.Failed } : end;
            return (end.Status is ItemStatus.Succeeded || !isOver) && TryEndLocked(own);
        }
    }

    /// <summary>Ends it over its worker's head.</summary>
    /// <param name="status">How.</param>
    /// <returns>Whether this call ended it.</returns>
    public bool TryEnd(ItemStatus status)
    {
        lock (_lock)
        {
            return TryEndLocked(_isExpired ? ItemStatus.TimedOut : status);
        }
    }

    private bool TryEndLocked(in ItemEnd end)
    {
        if (_isEnded)
        {
            return false;
        }

        End = end;
        _isEnded = true;
        return true;
    }
}
