namespace Switchyard.Core.Batch;

/// <summary>The items of a run that took longest, and those that failed last: a few of each, so that a run without end keeps no more. On any thread.</summary>
internal sealed class NotableItems
{
    private const int Most = 10;

    private readonly object _lock = new();
    private readonly PriorityQueue<EndedItem, TimeSpan> _slowest = new();
    private readonly Queue<EndedItem> _failed = new();

    // What is not slow is passed over without the lock.
    private long _slowTicks;

    /// <summary>Those that took longest, the longest first.</summary>
    public IReadOnlyList<EndedItem> Slowest
    {
        get
        {
            lock (_lock)
            {
                return [.. _slowest.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Duration)];
            }
        }
    }

    /// <summary>Those that failed last, the last first.</summary>
    public IReadOnlyList<EndedItem> Failed
    {
        get
        {
            lock (_lock)
            {
                return [.. _failed.Reverse()];
            }
        }
    }

    /// <summary>Whether an item that took so many ticks of <see cref="Stopwatch"/> is among the slowest so far.</summary>
    public bool IsSlow(long ticks) => ticks > Volatile.Read(ref _slowTicks);

    public void Add(EndedItem item)
    {
        lock (_lock)
        {
            if (item.Status is not ItemStatus.Succeeded)
            {
                _failed.Enqueue(item);
                if (_failed.Count > Most)
                {
                    _failed.Dequeue();
                }
            }

            if (item.Duration is not { } duration)
            {
                return;
            }

            _slowest.Enqueue(item, duration);
            if (_slowest.Count > Most)
            {
                _slowest.Dequeue();
            }

            if (_slowest.Count == Most && _slowest.TryPeek(out _, out TimeSpan shortest))
            {
                Volatile.Write(ref _slowTicks, (long)(shortest.TotalSeconds * Stopwatch.Frequency));
            }
        }
    }
}
