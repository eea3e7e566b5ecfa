using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;
using Switchyard.SharedState;

namespace Switchyard;

/// <summary>
/// A lock that one holds at a time, in whatever process. The holder is a session, which may take it again. An item that ends while it holds
/// a lock, or a worker that dies, lets go of it; then <see cref="WasAbandoned"/> tells the next holder.
/// </summary>
public sealed class SharedLock : SharedObject, IEquatable<SharedLock>
{
    private readonly ILock _lock;
    private readonly object _identity;

    internal SharedLock(LockState state)
        : base(state)
    {
        _lock = state;
        _identity = state;
    }

    internal SharedLock(SharedAddress address)
        : base(address)
    {
        _lock = Hub.Lock(address);
        _identity = (address.Holder.Name, address.Id);
    }

    /// <summary>
    /// Whether this session holds the lock and the one before it never let go: what the lock guards may be half done. It stays true until
    /// the lock is let go.
    /// </summary>
    public bool WasAbandoned => HeldLocks.Current.FollowsAbandoned(this);

    /// <summary>Takes the lock, once no other holds it.</summary>
    public void Enter() => TryEnter(SharedWait.Endless);

    /// <summary>Takes the lock, once no other holds it.</summary>
    /// <param name="timeout">How long to wait, in seconds; -1 for as long as it takes.</param>
    /// <exception cref="TimeoutException">It did not become free in time.</exception>
    public void Enter(double timeout) => Enter(SharedWait.Of(timeout));

    /// <summary>Takes the lock, once no other holds it.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="TimeoutException">It did not become free in time.</exception>
    public void Enter(TimeSpan timeout) => Enter(SharedWait.Of(timeout));

    /// <summary>Takes the lock if no other holds it now.</summary>
    /// <returns>False if another holds it.</returns>
    public bool TryEnter() => TryEnter(SharedWait.Of(0));

    /// <summary>Takes the lock, once no other holds it.</summary>
    /// <param name="timeout">How long to wait, in seconds; -1 for as long as it takes.</param>
    /// <returns>False if it did not become free in time.</returns>
    public bool TryEnter(double timeout) => TryEnter(SharedWait.Of(timeout));

    /// <summary>Takes the lock, once no other holds it.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>False if it did not become free in time.</returns>
    public bool TryEnter(TimeSpan timeout) => TryEnter(SharedWait.Of(timeout));

    /// <summary>Lets go of the lock. It must be done as often as it was taken.</summary>
    /// <exception cref="SynchronizationLockException">This session does not hold it.</exception>
    public void Exit()
    {
        if (!HeldLocks.Current.TryExit(this))
        {
            throw new SynchronizationLockException(MessageText.Format(Messages.LockNotHeld, this));
        }
    }

    /// <summary>Runs a script block while the lock is held, and lets go of it however that ends.</summary>
    /// <param name="body">The script block.</param>
    /// <returns>What it writes.</returns>
    public object? Invoke(ScriptBlock body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Enter();
        try
        {
            return body.InvokeReturnAsIs();
        }
        finally
        {
            HeldLocks.Current.TryExit(this);
        }
    }

    /// <summary>Whether it is the same lock.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True if so.</returns>
    public bool Equals(SharedLock? other) => other is not null && _identity.Equals(other._identity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SharedLock);

    /// <inheritdoc/>
    public override int GetHashCode() => _identity.GetHashCode();

    private void Enter(in WaitLimit limit)
    {
        if (!TryEnter(limit))
        {
            throw SharedWait.TimedOut(this, Messages.LockNotFree, limit);
        }
    }

    private bool TryEnter(in WaitLimit limit)
    {
        try
        {
            return HeldLocks.Current.TryEnter(this, _lock, limit);
        }
        catch (OperationCanceledException)
        {
            throw SharedWait.Stopped();
        }
    }
}
