namespace Switchyard.Core.Policies;

/// <summary>
/// Lets at most a number of workers run items at a time, exactly, while that number may change. Each run has its own.
/// </summary>
/// <remarks>
/// Limit and number of running workers share one word, so that no worker can enter by a limit that has just been lowered. Only
/// workers that find no room take the lock. Places are not handed on in turn, as a worker that has just ended an item is warm.
/// </remarks>
internal sealed class Throttle
{
    // The limit in force in the upper half, the running workers in the lower.
    private long _state;
    private int _limit;
    private bool _isSuspended;
    private volatile bool _wasLowered;
    private int _waiting;
    private volatile bool _canceled;
    private readonly object _lock = new();
    private readonly object _changeLock = new();

    public Throttle(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        _state = Pack(limit, 0);
    }

    /// <summary>
    /// The most workers that run at a time, at least 1. Lowered, it takes effect as workers leave: none enters until there are fewer
    /// than it allows.
    /// </summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            lock (_changeLock)
            {
                Volatile.Write(ref _limit, value);
                Apply();
            }
        }
    }

    /// <summary>Whether none enters, whatever the limit: those that have entered leave as they would if it were lowered.</summary>
    public bool IsSuspended
    {
        get => Volatile.Read(ref _isSuspended);
        set
        {
            lock (_changeLock)
            {
                Volatile.Write(ref _isSuspended, value);
                Apply();
            }
        }
    }

    /// <summary>Whether fewer were let in at any time than before: then a worker that has taken items may have had to wait with them.</summary>
    public bool WasLowered => _wasLowered;

    /// <summary>How many have entered and not left. Above <see cref="Limit"/> only after that was lowered.</summary>
    public int Running => RunningOf(Volatile.Read(ref _state));

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether a worker that has entered need not leave. A snapshot.</summary>
    public bool LetsStay
    {
        get
        {
            long state = Volatile.Read(ref _state);
            return RunningOf(state) <= LimitOf(state) && !_canceled;
        }
    }

    /// <summary>Waits for a place and takes it.</summary>
    /// <returns>False once canceled: no place was taken.</returns>
    public bool Enter()
    {
        while (!_canceled)
        {
            if (TryEnter())
            {
                return true;
            }

            WaitForRoom();
        }

        return false;
    }

    public void Exit()
    {
        long state = Interlocked.Decrement(ref _state);
        if (RunningOf(state) < LimitOf(state))
        {
            Wake(everyone: false);
        }
    }

    /// <summary>
    /// What <see cref="Exit"/> and then <see cref="Enter"/> would do, but the place is simply kept as long as the limit allows it: one
    /// read, and no waiting worker is woken for nothing. Called between two items by a worker that has entered.
    /// </summary>
    public bool Reenter()
    {
        long state = Volatile.Read(ref _state);
        if (RunningOf(state) <= LimitOf(state) && !_canceled)
        {
            return true;
        }

        Exit();
        return Enter();
    }

    /// <summary>Lets no more workers enter, also none that wait. Those that have entered still leave by <see cref="Exit"/>.</summary>
    public void Cancel()
    {
        _canceled = true;
        Wake(everyone: true);
    }

    private static long Pack(int limit, int running) => ((long)limit << 32) | (uint)running;

    private static int LimitOf(long state) => (int)(state >> 32);

    private static int RunningOf(long state) => (int)state;

    private void Apply()
    {
        int limit = _isSuspended ? 0 : _limit;
        long state = Volatile.Read(ref _state);
        _wasLowered |= limit < LimitOf(state);
        while (true)
        {
            long seen = Interlocked.CompareExchange(ref _state, Pack(limit, RunningOf(state)), state);
            if (seen == state)
            {
                break;
            }

            state = seen;
        }

        if (limit > LimitOf(state))
        {
            Wake(everyone: true);
        }
    }

    private bool TryEnter()
    {
        long state = Volatile.Read(ref _state);
        while (RunningOf(state) < LimitOf(state))
        {
            long seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    private void WaitForRoom()
    {
        lock (_lock)
        {
            // Announced before the last check, with a full fence between: either that sees the room, or the thread that makes room sees this.
            Interlocked.Increment(ref _waiting);
            try
            {
                long state = Volatile.Read(ref _state);
                if (!_canceled && RunningOf(state) >= LimitOf(state))
                {
                    Monitor.Wait(_lock);
                }
            }
            catch (ThreadInterruptedException)
            {
                // A wake-up may have come as well. It is passed on.
                Monitor.Pulse(_lock);
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private void Wake(bool everyone)
    {
        // The other half of the announcement.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (everyone)
            {
                Monitor.PulseAll(_lock);
            }
            else
            {
                Monitor.Pulse(_lock);
            }
        }
    }
}
