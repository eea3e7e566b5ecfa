namespace Switchyard.Core.Batch;

/// <summary>
/// Interrupts a worker's thread, but only while it is in the user's own code. What runs a worker has waits too, and does not
/// survive to be interrupted in them: a pipeline's end would never be announced.
/// </summary>
/// <remarks>
/// The interrupter says what it will do before it looks, and the worker looks after it has left that code; the barrier stands for
/// one that each item would have to pay for. An interrupt that found nothing to interrupt stays pending and is taken here.
/// </remarks>
internal sealed class UserCodeInterrupter
{
    private readonly object _lock = new();
    private readonly Thread _thread;
    private bool _isAllowed;
    private bool _isPending;
    private bool _isRequested;
    private bool _isInUserCode;

    /// <summary>Allows nothing yet.</summary>
    /// <param name="thread">The worker's thread.</param>
    public UserCodeInterrupter(Thread thread) => _thread = thread;

    /// <summary>Lets interrupts come. On the worker's thread.</summary>
    public void Allow()
    {
        lock (_lock)
        {
            _isRequested = false;
            _isAllowed = true;
        }
    }

    /// <summary>Whether interrupts may come: not before the worker has begun, and not after it was interrupted or has ended.</summary>
    public bool IsAllowed
    {
        get
        {
            lock (_lock)
            {
                return _isAllowed;
            }
        }
    }

    /// <summary>The user's code begins. On the worker's thread.</summary>
    public void EnterUserCode() => Volatile.Write(ref _isInUserCode, true);

    /// <summary>The user's code has ended. On the worker's thread.</summary>
    public void LeaveUserCode()
    {
        Volatile.Write(ref _isInUserCode, false);
        if (Volatile.Read(ref _isRequested))
        {
            Forbid();
        }
    }

    /// <summary>Interrupts a wait that the user's code is blocked in: a sleep, a lock, a join. On any thread.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            Volatile.Write(ref _isRequested, true);
            Interlocked.MemoryBarrierProcessWide();
            if (_isAllowed && Volatile.Read(ref _isInUserCode))
            {
                _isPending = true;
                _thread.Interrupt();
            }
        }
    }

    /// <summary>Makes sure that no interrupt comes any more, and takes one that found nothing to interrupt. On the worker's thread.</summary>
    public void Forbid()
    {
        try
        {
            bool isPending;
            lock (_lock)
            {
                _isAllowed = false;
                isPending = _isPending;
                _isPending = false;
            }

            if (isPending)
            {
                // Left pending, it would hit whatever waits next.
                Thread.Sleep(1);
            }
        }
        catch (ThreadInterruptedException)
        {
            // That was it. It may have hit the wait for the lock, but comes only once: there is nothing left to guard against.
        }
    }
}
