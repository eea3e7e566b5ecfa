using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Switchyard.Core.SharedState;

namespace Switchyard;

/// <summary>The shared locks that a session holds: a session runs one thing at a time, so it is what holds a lock, and may take it again.</summary>
internal sealed class HeldLocks
{
    // Not a list of anything: what a session, or a thread without one, cannot carry by itself, and gone with it.
    private static readonly ConditionalWeakTable<object, HeldLocks> _all = [];

    private readonly Dictionary<SharedLock, Holding> _holdings = [];
    private volatile int _count;

    /// <summary>The ones of the session that runs on this thread.</summary>
    public static HeldLocks Current => Of((object?)Runspace.DefaultRunspace ?? Thread.CurrentThread);

    /// <summary>The ones of a session.</summary>
    /// <param name="session">The session.</param>
    /// <returns>Its locks.</returns>
    public static HeldLocks Of(object session) => _all.GetOrCreateValue(session);

    /// <summary>Takes a lock, once nobody else holds it.</summary>
    /// <param name="shared">The lock.</param>
    /// <param name="inner">What it locks with.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>False if it did not become free in time.</returns>
    public bool TryEnter(SharedLock shared, ILock inner, in WaitLimit limit)
    {
        lock (_holdings)
        {
            if (_holdings.TryGetValue(shared, out Holding? held))
            {
                held.Depth++;
                return true;
            }
        }

        if (inner.TryEnter(limit) is not { } hold)
        {
            return false;
        }

        lock (_holdings)
        {
            _holdings.Add(shared, new Holding(hold));
            _count = _holdings.Count;
        }

        return true;
    }

    /// <summary>Lets go of a lock as often as it was taken.</summary>
    /// <param name="shared">The lock.</param>
    /// <returns>False if it is not held.</returns>
    public bool TryExit(SharedLock shared)
    {
        Holding? held;
        lock (_holdings)
        {
            if (!_holdings.TryGetValue(shared, out held))
            {
                return false;
            }

            if (--held.Depth > 0)
            {
                return true;
            }

            _holdings.Remove(shared);
            _count = _holdings.Count;
        }

        held.Hold.Exit();
        return true;
    }

    /// <summary>Whether a lock is held that the one before has not let go of himself.</summary>
    /// <param name="shared">The lock.</param>
    /// <returns>True if so.</returns>
    public bool FollowsAbandoned(SharedLock shared)
    {
        lock (_holdings)
        {
            return _holdings.TryGetValue(shared, out Holding? held) && held.Hold.FollowsAbandoned;
        }
    }

    /// <summary>Lets go of all that an item still holds at its end, or a session that was left behind.</summary>
    /// <returns>The locks.</returns>
    public IReadOnlyList<SharedLock> AbandonAll()
    {
        // Asked after each item.
        if (_count == 0)
        {
            return [];
        }

        KeyValuePair<SharedLock, Holding>[] left;
        lock (_holdings)
        {
            left = [.. _holdings];
            _holdings.Clear();
            _count = 0;
        }

        foreach ((_, Holding held) in left)
        {
            try
            {
                held.Hold.Abandon();
            }
            catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
            {
                // It is no more, so nobody waits for it.
                System.Diagnostics.Debug.WriteLine(exception);
            }
        }

        return [.. left.Select(pair => pair.Key)];
    }

    private sealed class Holding(ILockHold hold)
    {
        public ILockHold Hold { get; } = hold;

        public int Depth { get; set; } = 1;
    }
}
