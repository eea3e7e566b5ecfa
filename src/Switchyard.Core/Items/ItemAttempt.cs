namespace Switchyard.Core.Items;

/// <summary>
/// One attempt at an item. Its worker ends it, or a deadline, or the end of the run: the first does, and what the others bring
/// later is dropped. So an abandoned worker that wakes up much later can change nothing.
/// </summary>
/// <param name="cpuAtStart">Processor time of the worker's thread so far; null where it is not known.</param>
/// <param name="holds">Whether all else is kept until it is known whether this attempt counts.</param>
/// <param name="holdsOutput">Whether output is kept until the item's end is noted: what was handed on is never made again.</param>
/// <param name="hasLastWords">Whether what is written between the deadline and the end is the item's.</param>
/// <param name="filter">Knows which of its errors are lines of standard error, of which a result keeps only so many; null if none are.</param>
internal sealed class ItemAttempt(
    BatchItem item, int workerId, long startedAt, TimeSpan? cpuAtStart, bool collects, bool holds, bool holdsOutput, bool hasLastWords = false, IStandardErrorFilter? filter = null)
{
    private readonly object _lock = new();
    private List<object?>? _output;
    private CollectedErrors? _errors;
    private List<ItemRecord>? _held;
    private bool _isExpired;
    private bool _isEnded;
    private bool _isStopRequested;
    private volatile bool _isBeaten;

    public BatchItem Item { get; } = item;

    public ItemAccount Account => Item.Account!;

    public int WorkerId { get; } = workerId;

    public long StartedAt { get; } = startedAt;

    public TimeSpan? CpuAtStart { get; } = cpuAtStart;

    public ItemEnd End { get; private set; }

    public bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>Whether its errors are collected also where they are handed on by themselves.</summary>
    public bool KeepsErrors { get; init; }

    /// <summary>Whether it began beside another attempt, whose progress is the one that is shown.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether another attempt at the item counts, and nothing of this one does.</summary>
    public bool IsBeaten
    {
        get => _isBeaten;
        set => _isBeaten = value;
    }

    /// <summary>Whether somebody had it stopped, and not the run: then that is how it ends.</summary>
    public bool IsStopRequested => Volatile.Read(ref _isStopRequested);

    /// <summary>The last error that it wrote; null if it wrote none. To be read only once it has ended.</summary>
    public object? LastError { get; private set; }

    /// <summary>What it wrote as output, if that is collected. To be read only once it has ended.</summary>
    public IReadOnlyList<object?> Output => _output ?? [];

    /// <summary>What it wrote as errors, if those are collected. To be read only once it has ended.</summary>
    public IReadOnlyList<object> Errors => _errors?.ToArray() ?? [];

    /// <summary>What else it wrote, if that is held back. To be read only once it has ended.</summary>
    public IReadOnlyList<ItemRecord> Held => _held ?? [];

    /// <summary>What an attempt at a group that has failed is to one of its items: its own last one, if no other comes.</summary>
    /// <param name="hasOutput">Whether what the group wrote is this item's.</param>
    public ItemAttempt ShareWith(BatchItem member, bool hasOutput) => new(member, WorkerId, StartedAt, CpuAtStart, collects, holds, holdsOutput)
    {
        End = End,
        LastError = LastError,
        _errors = _errors,
        _output = hasOutput ? _output : null,
        _held = hasOutput ? _held : null,
        _isEnded = true,
    };

    /// <summary>Keeps a record that is not to be written, or not yet.</summary>
    public bool TryKeep(in ItemRecord record)
    {
        lock (_lock)
        {
            if (_isEnded || _isBeaten || (_isExpired && !hasLastWords) || (IsCopy && record.Kind == RecordKind.Progress))
            {
                return true;
            }

            if (record.Kind == RecordKind.Error)
            {
                LastError = record.Value;
            }

            if (KeepsErrors && !collects && record.Kind == RecordKind.Error)
            {
                (_errors ??= new CollectedErrors(filter)).Add(record.Value!);
            }

            if (collects && record.Kind == RecordKind.Output)
            {
                (_output ??= []).Add(record.Value);
                return true;
            }

            if (collects && record.Kind == RecordKind.Error)
            {
                (_errors ??= new CollectedErrors(filter)).Add(record.Value!);
                return true;
            }

            if ((holds && record.Kind != RecordKind.Progress) || (holdsOutput && record.Kind == RecordKind.Output))
            {
                (_held ??= []).Add(record);
                return true;
            }

            return false;
        }
    }

    /// <summary>Asks for it to be stopped, whatever its deadline.</summary>
    /// <returns>False if it has ended, or its time is up.</returns>
    public bool TryRequestStop()
    {
        lock (_lock)
        {
            if (_isEnded || _isExpired)
            {
                return false;
            }

            Volatile.Write(ref _isStopRequested, true);
            return true;
        }
    }

    /// <summary>Lets its deadline pass, or a request to stop it take effect: from now on it can only be timed out, or canceled.</summary>
    /// <returns>False if it has ended before.</returns>
    public bool TryExpire()
    {
        lock (_lock)
        {
            _isExpired |= !_isEnded;
            return !_isEnded;
        }
    }

    /// <summary>Takes it back, as nothing of it was done.</summary>
    /// <returns>False if it has ended, or its time is up.</returns>
    public bool TryWithdraw()
    {
        lock (_lock)
        {
            if (_isEnded || _isExpired)
            {
                return false;
            }

            return _isEnded = true;
        }
    }

    /// <summary>
    /// Ends it as its worker says, unless it has ended before. Once the run is over, a failure may come of having been stopped, and is left
    /// to the run's account.
    /// </summary>
    public bool TryEnd(in ItemEnd end, bool isOver)
    {
        lock (_lock)
        {
            if (_isExpired)
            {
                return TryEndLocked(end with { Status = StatusIfExpired, RetryAfter = null });
            }

            // It was not stopped by the run, so it has stopped by itself.
            ItemEnd own = end.Status is ItemStatus.Canceled ? end with { Status = ItemStatus.Failed } : end;
            return (end.Status is ItemStatus.Succeeded || !isOver) && TryEndLocked(own);
        }
    }

    /// <summary>Ends it in its worker's place, unless it has ended before.</summary>
    public bool TryEnd(ItemStatus status)
    {
        lock (_lock)
        {
            return TryEndLocked(_isExpired ? StatusIfExpired : status);
        }
    }

    private ItemStatus StatusIfExpired => _isStopRequested ? ItemStatus.Canceled : ItemStatus.TimedOut;

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
