using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard;

/// <summary>The shared locks that a session holds: a session runs one thing at a time, so it is what holds a lock, and may take it again.</summary>
internal sealed class HeldLocks
{
    // What a session, or a thread without one, cannot carry by itself; gone with it.
    private static readonly ConditionalWeakTable<object, HeldLocks> _all = [];

    private readonly Dictionary<SharedLock, Holding> _holdings = [];
    private volatile int _count;

    /// <summary>The ones of the session that runs on this thread.</summary>
    public static HeldLocks Current => Of((object?)Runspace.DefaultRunspace ?? Thread.CurrentThread);

    public static HeldLocks Of(object session) => _all.GetOrCreateValue(session);

    /// <summary>Takes a lock, once it is free.</summary>
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

    /// <summary>Releases a lock once for each time that it was taken.</summary>
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

    /// <summary>Whether a lock is held whose last holder ended without releasing it.</summary>
    public bool FollowsAbandoned(SharedLock shared)
    {
        lock (_holdings)
        {
            return _holdings.TryGetValue(shared, out Holding? held) && held.Hold.FollowsAbandoned;
        }
    }

    /// <summary>Releases all that an item still holds at its end, or an abandoned session.</summary>
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
                // It was disposed of, so there is nothing to release.
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
