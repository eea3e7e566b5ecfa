namespace Switchyard.Core.Queues;

/// <summary>Where failed items wait for their next attempt. They hold no worker and no thread: a timer lets them go.</summary>
internal sealed class RetryQueue : IDisposable
{
    // The most that a timer can wait. The item then waits again.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(40);

    private readonly object _lock = new();
    private readonly PriorityQueue<BatchItem, (long Due, long Number)> _waiting = new();
    private readonly TimeProvider _clock;
    private readonly Action<BatchItem> _release;
    private readonly ITimer _timer;
    private long _number;
    private bool _isClosed;

    /// <summary>Each item is released when its time has come. The release must not call back.</summary>
    public RetryQueue(TimeProvider clock, Action<BatchItem> release)
    {
        _clock = clock;
        _release = release;
        _timer = clock.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Lets an item wait for a delay.</summary>
    public bool TryAdd(BatchItem item, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            double ticks = Math.Max(0, delay.TotalSeconds) * _clock.TimestampFrequency;
            _waiting.Enqueue(item, (_clock.GetTimestamp() + (long)Math.Min(ticks, long.MaxValue / 4), _number++));
            SetTimer();
            return true;
        }
    }

    /// <summary>Lets items go at once: all of them, or none if it is closed.</summary>
    public bool TryPass(ReadOnlySpan<BatchItem> items)
    {
        lock (_lock)
        {
            for (int i = 0; i < items.Length && !_isClosed; i++)
            {
                _release(items[i]);
            }

            return !_isClosed;
        }
    }

    /// <summary>Closes the queue, and returns the items that still waited.</summary>
    public IReadOnlyList<BatchItem> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            List<BatchItem> left = [.. _waiting.UnorderedItems.Select(entry => entry.Element)];
            _waiting.Clear();
            return left;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void ReleaseDue()
    {
        // Inside the lock, so that an item is always either here or released when the account is made.
        lock (_lock)
        {
            while (_waiting.TryPeek(out BatchItem item, out (long Due, long Number) key) && key.Due <= _clock.GetTimestamp())
            {
                _waiting.Dequeue();
                _release(item);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (!_isClosed && _waiting.TryPeek(out _, out (long Due, long Number) next))
        {
            // A timer counts whole milliseconds: rounded up, so that it does not come just before its time.
            TimeSpan left = _clock.GetElapsedTime(_clock.GetTimestamp(), next.Due) + TimeSpan.FromMilliseconds(1);
            _timer.Change(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, _longest.Ticks)), Timeout.InfiniteTimeSpan);
        }
    }
}
