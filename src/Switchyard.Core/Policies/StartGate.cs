using Switchyard.Core.Gauges;

namespace Switchyard.Core.Policies;

/// <summary>
/// What a worker passes before it starts an item: nothing starts faster than the rate, during a hold that a server asked for, or
/// while memory is short. Needed only where one of the three can occur.
/// </summary>
/// <remarks>
/// Of the workers that wait, one leads: it waits for the time, the others for it. When it goes it names the next. So a start wakes
/// one thread, however many wait. All members may be called from any thread.
/// </remarks>
public sealed class StartGate
{
    // Far enough, and no sum of a timestamp and this overflows.
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

    /// <summary>Creates a gate that nothing holds.</summary>
    /// <param name="clock">Gives the timestamps.</param>
    /// <param name="limiter">Limits the rate of starts, on the same clock; none for no limit.</param>
    /// <param name="gauge">Reads the memory that is left; none for no floor. Read every 100 ms at most, on a worker's thread.</param>
    /// <param name="minFreeBytes">Available bytes below which nothing starts.</param>
    /// <param name="memoryLow">Called once, on a worker's thread, when an item first has to wait for memory, with the available bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minFreeBytes"/> is negative.</exception>
    public StartGate(
        TimeProvider clock, RateLimiter? limiter = null, IMemoryGauge? gauge = null, long minFreeBytes = 0, Action<long>? memoryLow = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegative(minFreeBytes);
        _clock = clock;
        _limiter = limiter;
        _floor = gauge is null || minFreeBytes == 0 ? null : new MemoryFloor(gauge, minFreeBytes, clock);
        _memoryLow = memoryLow;
        _isOpen = IsOpenWithoutHold;
    }

    /// <summary>How many workers wait here at this moment.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether every start has to be let in by itself. Otherwise a start before which nothing holds need not pass.</summary>
    public bool CountsStarts => _limiter is not null || _floor is not null;

    /// <summary>Whether nothing holds items at this moment.</summary>
    public bool IsOpen => _isOpen;

    private bool IsOpenWithoutHold => _limiter is null && _floor is null && !_isCanceled;

    /// <summary>Waits until an item may start. Each passage counts as one start.</summary>
    /// <returns>True when it may, false once <see cref="Cancel"/> was called.</returns>
    /// <exception cref="ThreadInterruptedException">The waiting thread was interrupted; nothing was started.</exception>
    public bool Pass()
    {
        while (!_isOpen)
        {
            bool mayStart = WaitForTurn(out long? lowMemory);
            if (lowMemory is not long availableBytes)
            {
                return mayStart;
            }

            // Outside the lock: others' code may do anything.
            _memoryLow?.Invoke(availableBytes);
        }

        return true;
    }

    /// <summary>Starts nothing for a while, for whoever waits already too. Holds do not add up: the one that ends last counts.</summary>
    /// <param name="duration">From now; nothing happens unless it is above zero. More than a year is a year.</param>
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
                // Who leads wakes at the time that held before, and looks again.
                _heldUntil = until;
                _limiter?.HoldUntil(until);
                _isOpen = false;
            }
        }
    }

    /// <summary>Lets everyone go who waits or will come, without starting anything.</summary>
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

                // Also by one who was interrupted after it had been named.
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
