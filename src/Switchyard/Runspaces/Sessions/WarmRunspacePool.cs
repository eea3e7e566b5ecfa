using System.Diagnostics.CodeAnalysis;
using System.Management.Automation.Host;

namespace Switchyard.Runspaces.Sessions;

/// <summary>
/// Keeps clean sessions between batches: opening one costs as much as thousands of trivial items. Nothing of a batch stays in
/// them, they run nothing while they wait, and those that are not used again soon are closed.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It lives as long as the process.")]
internal sealed class WarmRunspacePool
{
    // A session takes about two megabytes.
    private const int MaxSessions = 128;

    private static readonly TimeSpan _idleTime = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly Stack<RunspaceSession> _clean = new();

    // Cleaned behind the caller's back, as it takes milliseconds; by the next batch itself if it comes first.
    private readonly Queue<RunspaceSession> _used = new();
    private readonly Timer _idle;
    private bool _isCleaning;

    private WarmRunspacePool() => _idle = new Timer(_ => Clear());

    public static WarmRunspacePool Shared { get; } = new();

    /// <summary>Takes a session that was opened for the same kind of caller.</summary>
    /// <returns>A session as good as new, or null.</returns>
    public RunspaceSession? Rent(PSHost host, PSLanguageMode languageMode)
    {
        while (TryTake(host, languageMode, out RunspaceSession? session, out bool isClean))
        {
            session.LeavePool();
            if (isClean ? session.IsOpen : session.TryClean())
            {
                return session;
            }

            session.Dispose();
        }

        return null;
    }

    public void Return(RunspaceSession session)
    {
        if (!session.TryEnterPool())
        {
            session.Dispose();
            return;
        }

        bool mustClean = false;
        lock (_lock)
        {
            // Only sessions for one kind of caller at a time: others would sit below them and never be found.
            bool fits = _clean.Count + _used.Count < MaxSessions
                && (_clean.Count == 0 || _clean.Peek().ServesSameAs(session))
                && (_used.Count == 0 || _used.Peek().ServesSameAs(session));
            if (fits)
            {
                _used.Enqueue(session);
                _idle.Change(_idleTime, Timeout.InfiniteTimeSpan);
                mustClean = !_isCleaning;
                _isCleaning = true;
                session = null!;
            }
        }

        if (session is not null)
        {
            session.LeavePool();
            session.Dispose();
        }

        if (mustClean)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.CleanUsed(), this, preferLocal: false);
        }
    }

    public void Clear()
    {
        RunspaceSession[] sessions;
        lock (_lock)
        {
            sessions = [.. _clean, .. _used];
            _clean.Clear();
            _used.Clear();
        }

        foreach (RunspaceSession session in sessions)
        {
            session.Dispose();
        }
    }

    private bool TryTake(PSHost host, PSLanguageMode languageMode, [NotNullWhen(true)] out RunspaceSession? session, out bool isClean)
    {
        lock (_lock)
        {
            isClean = _clean.TryPeek(out session);
            if ((isClean || _used.TryPeek(out session)) && session!.Serves(host, languageMode))
            {
                session = isClean ? _clean.Pop() : _used.Dequeue();
                return true;
            }

            session = null;
            return false;
        }
    }

    private void CleanUsed()
    {
        while (true)
        {
            RunspaceSession? session;
            lock (_lock)
            {
                if (!_used.TryDequeue(out session))
                {
                    _isCleaning = false;
                    return;
                }
            }

            if (session.TryClean())
            {
                lock (_lock)
                {
                    _clean.Push(session);
                }
            }
            else
            {
                session.Dispose();
            }
        }
    }
}
