namespace Switchyard.Core.Stopping;

/// <summary>
/// Interrupts a worker's thread, but only while it is in the user's own code. The engine around that code waits too, and an interrupt
/// there would break it: the end of a pipeline would never be announced.
/// </summary>
/// <remarks>
/// The interrupter sets its mark before it reads the worker's, and the worker reads that mark after it has left the user's code. The
/// process-wide barrier replaces one that each item would have to pay for.
/// </remarks>
internal sealed class UserCodeInterrupter(Thread thread)
{
    private readonly object _lock = new();
    private bool _isAllowed;
    private bool _isPending;
    private bool _isRequested;
    private bool _isInUserCode;

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

    public void Allow()
    {
        lock (_lock)
        {
            _isRequested = false;
            _isAllowed = true;
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
                thread.Interrupt();
            }
        }
    }

    /// <summary>Lets no more interrupts come, and takes one that is still pending. On the worker's thread.</summary>
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
                // Left pending, it would hit the next wait, which is the engine's.
                Thread.Sleep(1);
            }
        }
        catch (ThreadInterruptedException)
        {
            // The pending interrupt. It may have hit the wait for the lock, but there is only one.
        }
    }
}
