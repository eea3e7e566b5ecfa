namespace Switchyard.Core.Policies;

/// <summary>
/// Lets at most a number of workers run items at a time, exactly, while that number may change. One per run: nothing is shared
/// with other runs.
/// </summary>
/// <remarks>
/// Limit and number of running workers share one word, so that no worker can enter by a limit that has just been lowered. Only
/// those who find no room take the lock. Places are not handed on in turn: a worker that has just ended an item is warm.
/// </remarks>
public sealed class Throttle
{
    // The limit in the upper half, the running workers in the lower.
    private long _state;
    private int _waiting;
    private volatile bool _canceled;
    private readonly object _lock = new();

    /// <summary>Makes a throttle that nobody has entered.</summary>
    /// <param name="limit">The most workers that run at a time, at least 1.</param>
    public Throttle(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _state = Pack(limit, 0);
    }

    /// <summary>
    /// The most workers that run at a time, at least 1. Lowered, it takes effect as workers leave: nobody enters until there are
    /// fewer than it allows.
    /// </summary>
    public int Limit
    {
        get => LimitOf(Volatile.Read(ref _state));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            long state = Volatile.Read(ref _state);
            while (true)
            {
                long seen = Interlocked.CompareExchange(ref _state, Pack(value, RunningOf(state)), state);
                if (seen == state)
                {
                    break;
                }

                state = seen;
            }

            if (value > LimitOf(state))
            {
                Wake(everyone: true);
            }
        }
    }

    /// <summary>How many have entered and not left. Above <see cref="Limit"/> only after that was lowered.</summary>
    public int Running => RunningOf(Volatile.Read(ref _state));

    /// <summary>How many wait to enter.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether one who is inside may stay there. A snapshot.</summary>
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

    /// <summary>Gives a place back.</summary>
    public void Exit()
    {
        long state = Interlocked.Decrement(ref _state);
        if (RunningOf(state) < LimitOf(state))
        {
            Wake(everyone: false);
        }
    }

    /// <summary>
    /// What <see cref="Exit"/> and then <see cref="Enter"/> would do, but as long as the limit allows it the place is simply kept: one
    /// read, and no waiting worker is woken in vain. To be called between two items by a worker that is inside.
    /// </summary>
    /// <returns>False once canceled: the place was given back.</returns>
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

    /// <summary>Lets nobody in any more, and those who wait go on with nothing. Who is inside still leaves by <see cref="Exit"/>.</summary>
    public void Cancel()
    {
        _canceled = true;
        Wake(everyone: true);
    }

    private static long Pack(int limit, int running) => ((long)limit << 32) | (uint)running;

    private static int LimitOf(long state) => (int)(state >> 32);

    private static int RunningOf(long state) => (int)state;

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
            // Announced before the last look, with a full fence between: who makes room either is seen here or sees this.
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
                // The wake-up may have come too, and is another's now.
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
