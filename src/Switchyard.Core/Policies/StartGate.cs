using Switchyard.Core.Gauges;

namespace Switchyard.Core.Policies;

/// <summary>
/// What a worker passes before it starts an item: nothing starts faster than the rate, during a hold that a server asked for, or
/// while memory is short. Needed only where one of the three can occur.
/// </summary>
/// <remarks>
/// Of the workers that wait, one leads: it waits for the time, the others wait for it. When it starts, the next one leads. So a start
/// wakes one thread, however many wait. All members may be called from any thread.
/// </remarks>
internal sealed class StartGate
{
    // Long enough, and a timestamp plus this does not overflow.
    private static readonly TimeSpan _longestHold = TimeSpan.FromDays(365);

    private readonly object _lock = new();
    private readonly TimeProvider _clock;
    private readonly RateLimiter? _limiter;
    private readonly MemoryFloor? _floor;
    private readonly Action<long>? _memoryLow;
    private volatile bool _isOpen;
    private bool _isCanceled;
    private bool _hasLeader;
    private bool _hasToldLow;
    private int _waiting;
    private long _heldUntil = long.MinValue;

    public StartGate(
        TimeProvider clock, RateLimiter? limiter = null, IMemoryGauge? gauge = null, long minFreeBytes = 0, Action<long>? memoryLow = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minFreeBytes);
        _clock = clock;
        _limiter = limiter;
        _floor = gauge is null || minFreeBytes == 0 ? null : new MemoryFloor(gauge, minFreeBytes, clock);
        _memoryLow = memoryLow;
        _isOpen = IsOpenWithoutHold;
    }

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether each start must pass by itself. Otherwise none needs to while the gate is open.</summary>
    public bool CountsStarts => _limiter is not null || _floor is not null;

    /// <summary>Whether nothing holds items at this moment.</summary>
    public bool IsOpen => _isOpen;

    private bool IsOpenWithoutHold => _limiter is null && _floor is null && !_isCanceled;

    /// <summary>Waits until an item may start, and counts that as one start. False once <see cref="Cancel"/> was called.</summary>
    public bool Pass()
    {
        while (!_isOpen)
        {
            bool mayStart = WaitForTurn(out long? lowMemory);
            if (lowMemory is not long availableBytes)
            {
                return mayStart;
            }

            // Outside the lock, as it is the caller's code.
            _memoryLow?.Invoke(availableBytes);
        }

        return true;
    }

    /// <summary>Starts nothing for a while, a year at most. Holds do not add up: the one that ends last counts.</summary>
    public void HoldFor(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
        {
            return;
        }

        lock (_lock)
        {
            double seconds = Math.Min(duration.TotalSeconds, _longestHold.TotalSeconds);
            long until = _clock.GetTimestamp() + (long)Math.Ceiling(seconds * _clock.TimestampFrequency);
            if (until > _heldUntil)
            {
                // The leader wakes at the time that held before, and checks again.
                _heldUntil = until;
                _limiter?.HoldUntil(until);
                _isOpen = false;
            }
        }
    }

    /// <summary>Lets all workers go that wait or will come, without a start.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCanceled = true;
            _isOpen = false;
            Monitor.PulseAll(_lock);
        }
    }

    private bool WaitForTurn(out long? lowMemory)
    {
        lowMemory = null;
        lock (_lock)
        {
            bool leads = false;
            _waiting++;
            try
            {
                while (_hasLeader && !_isCanceled)
                {
                    Monitor.Wait(_lock);
                }

                leads = _hasLeader = true;
                while (!_isCanceled)
                {
                    if (MayStart(out TimeSpan wait, out lowMemory))
                    {
                        return true;
                    }

                    if (lowMemory is not null)
                    {
                        return false;
                    }

                    Monitor.Wait(_lock, Milliseconds(wait));
                }

                return false;
            }
            finally
            {
                _waiting--;
                if (leads)
                {
                    _hasLeader = false;
                }

                // Also by one that was interrupted when it was to lead.
                if (!_hasLeader && _waiting > 0)
                {
                    Monitor.Pulse(_lock);
                }
            }
        }
    }

    private bool MayStart(out TimeSpan wait, out long? newlyLow)
    {
        newlyLow = null;
        long now = _clock.GetTimestamp();
        if (now < _heldUntil)
        {
            wait = _clock.GetElapsedTime(now, _heldUntil);
            return false;
        }

        _isOpen = IsOpenWithoutHold;
        if (_floor is not null && !_floor.IsKept(now, out wait))
        {
            if (!_hasToldLow)
            {
                _hasToldLow = true;
                newlyLow = _floor.AvailableBytes;
            }

            return false;
        }

        // Last, as it counts the start.
        wait = TimeSpan.Zero;
        return _limiter is null || _limiter.TryStart(now, out wait);
    }

    private static int Milliseconds(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 1, int.MaxValue);
}
