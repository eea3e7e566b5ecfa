using Switchyard.Core.Telemetry;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

/// <summary>
/// The machines that a run's workers are on. Each worker takes a place on the one with the most room; one that cannot be reached is left alone for a while, a
/// longer one each time, and its places are not given out.
/// </summary>
internal sealed class HostPool : IDisposable
{
    // Threads that wait are woken by what changes.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private readonly Timer _timer;
    private readonly IHostList? _list;
    private readonly ManualResetEventSlim _isAnswered = new();
    private List<WorkerHost> _hosts;
    private WorkerStartException? _listFailure;
    private bool _isAsked;
    private bool _isDisposed;

    public HostPool(IEnumerable<WorkerHost> hosts, IHostList? list = null)
    {
        _hosts = [.. hosts];
        _list = list;
        _timer = new Timer(_ => PlacesChanged?.Invoke());
    }

    private HostPool(ITransportLauncher launcher)
        : this([new WorkerHost(null, launcher, int.MaxValue)]) => IsHere = true;

    /// <summary>Called when there may be more places than before. On any thread, outside of all locks.</summary>
    public Action? PlacesChanged { get; set; }

    /// <summary>Takes what is to be told of the machines. On any thread, outside of all locks.</summary>
    public Action<ItemRecord>? Announce { get; set; }

    /// <summary>Whether all workers are processes of this machine, without a limit of places.</summary>
    public bool IsHere { get; }

    public IReadOnlyList<WorkerHost> Hosts
    {
        get
        {
            lock (_lock)
            {
                return _hosts;
            }
        }
    }

    /// <summary>How many workers there are places for, those that have one included.</summary>
    public int Places
    {
        get
        {
            lock (_lock)
            {
                int places = _hosts.Sum(host => host.Used + host.Free);

                // The first to ask makes the list be asked for, and waits for it.
                return IsHere ? int.MaxValue : _list is null ? places : Math.Max(places, 1);
            }
        }
    }

    /// <summary>Why no machine can be used, as far as is known.</summary>
    public IReadOnlyList<(string Host, WorkerStartException Cause)> Failures
    {
        get
        {
            lock (_lock)
            {
                return _listFailure is { } failure
                    ? [(string.Empty, failure)]
                    : [.. _hosts.Where(host => host is { Name: not null, LastFailure: not null, IsLeaving: false }).Select(host => (host.Name!, host.LastFailure!))];
            }
        }
    }

    /// <summary>How long until there may be a place again, where there is none; null where there will be none.</summary>
    public TimeSpan? NextPlace
    {
        get
        {
            lock (_lock)
            {
                if (_listFailure is not null)
                {
                    return null;
                }

                WorkerHost[] hopeful = [.. _hosts.Where(host => host is { IsLeaving: false, IsOutOfReach: false })];
                bool awaitsList = _list is not null && _hosts.TrueForAll(host => host.IsLeaving);
                return hopeful.Length == 0 ? awaitsList ? _longestWait : null : hopeful.Min(host => host.Free > 0 ? TimeSpan.Zero : host.Pause);
            }
        }
    }

    /// <summary>The workers are processes of this machine.</summary>
    public static HostPool OfThisMachine(ITransportLauncher launcher) => new(launcher);

    /// <summary>Tells how far each machine is.</summary>
    public IReadOnlyList<HostProgress> Tell()
    {
        lock (_lock)
        {
            return [.. _hosts.Where(host => host.Name is not null).Select(host => new HostProgress(host.Name!, host.Used - host.Opening, host.Done, host.Failures > 0))];
        }
    }

    /// <summary>Waits until it is known which machines there are.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public void AwaitHosts(CancellationToken cancellation)
    {
        if (_list is null)
        {
            return;
        }

        bool mustAsk;
        lock (_lock)
        {
            mustAsk = !_isAsked && !_isDisposed;
            _isAsked = true;
        }

        if (mustAsk)
        {
            _list.Start(this);
        }

        _isAnswered.Wait(cancellation);
    }

    /// <summary>Takes a place.</summary>
    /// <returns>Where; null if there is none for now.</returns>
    public WorkerHost? TryAcquire()
    {
        lock (_lock)
        {
            if (_hosts.Where(host => host.Free > 0).MaxBy(host => (double)host.Free / host.Capacity) is not { } host)
            {
                return null;
            }

            host.Used++;
            host.Opening++;
            return host;
        }
    }

    /// <summary>A worker there runs.</summary>
    /// <param name="cores">How many the machine says that it has.</param>
    public void NoteOpened(WorkerHost host, int cores)
    {
        lock (_lock)
        {
            host.Opening--;
            host.NoteOpened(cores);
        }

        PlacesChanged?.Invoke();
    }

    /// <summary>A worker that was being opened there is not to be had, and gives its place back.</summary>
    /// <returns>Whether that is news.</returns>
    public bool NoteFailure(WorkerHost host, WorkerStartException failure)
    {
        bool isNews;
        lock (_lock)
        {
            host.Opening--;
            host.Used--;
            host.NoteFailure(failure);
            // Others there may go on. And where no machine is left, the error of the run says it all; where there is one, and it never was, in a moment.
            isNews = !host.IsReported && host.Used == host.Opening && _hosts.Exists(other => other is { IsLeaving: false, IsOutOfReach: false } && (other != host || host.IsMissed));
            host.IsReported |= isNews;
            if (!_isDisposed)
            {
                _timer.Change(NextPause() + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }
        }

        return isNews;
    }

    /// <summary>A worker there was lost before it had done anything, and gives its place back.</summary>
    /// <returns>Whether that is news.</returns>
    public bool NoteLoss(WorkerHost host, WorkerStartException failure)
    {
        lock (_lock)
        {
            host.Opening++;
            return NoteFailure(host, failure);
        }
    }

    /// <summary>A worker there is no more.</summary>
    /// <param name="wasOpening">Whether it was still being opened.</param>
    public void Release(WorkerHost host, bool wasOpening)
    {
        lock (_lock)
        {
            host.Used--;
            host.Opening -= wasOpening ? 1 : 0;
        }

        PlacesChanged?.Invoke();
    }

    /// <summary>Other machines than before are to be used. Those that stay go on as they are.</summary>
    public void Replace(IReadOnlyList<WorkerHost> hosts)
    {
        lock (_lock)
        {
            List<WorkerHost> all = [];
            foreach (WorkerHost host in hosts)
            {
                all.Add(_hosts.Find(old => old.Launcher.Key == host.Launcher.Key && !old.IsLeaving) ?? host);
            }

            foreach (WorkerHost gone in _hosts.Except(all))
            {
                gone.IsLeaving = true;
            }

            // One that leaves still has workers, which count.
            _hosts = [.. all, .. _hosts.Where(host => host.IsLeaving && host.Used > 0)];
        }

        _isAnswered.Set();
        PlacesChanged?.Invoke();
    }

    /// <summary>There will be no machines: which they are cannot be found out.</summary>
    public void Fail(WorkerStartException failure)
    {
        lock (_lock)
        {
            _listFailure = failure;
        }

        _isAnswered.Set();
        PlacesChanged?.Invoke();
    }

    public void Dispose()
    {
        _list?.Dispose();
        _isAnswered.Set();
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
        }

        foreach (IDisposable launcher in Hosts.Select(host => host.Launcher).OfType<IDisposable>())
        {
            launcher.Dispose();
        }
    }

    private TimeSpan NextPause() =>
        _hosts.Where(host => host is { IsLeaving: false, Failures: > 0 }).Select(host => host.Pause).DefaultIfEmpty(TimeSpan.FromSeconds(1)).Min();
}
