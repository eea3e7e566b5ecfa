using Switchyard.Core.Telemetry;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

/// <summary>
/// The machines that a run's workers are on. Each worker takes a place on the one with the most room; one that cannot be reached is left alone for a while, a
/// longer one each time, and its places go to nobody.
/// </summary>
internal sealed class HostPool : IDisposable
{
    private readonly object _lock = new();
    private readonly Timer _timer;
    private List<WorkerHost> _hosts;
    private bool _isDisposed;

    /// <param name="hosts">The machines; none yet, where they are still to be told.</param>
    public HostPool(IEnumerable<WorkerHost> hosts)
    {
        _hosts = [.. hosts];
        _timer = new Timer(_ => PlacesChanged?.Invoke());
    }

    private HostPool(ITransportLauncher launcher)
        : this([new WorkerHost(null, launcher, int.MaxValue)]) => IsHere = true;

    /// <summary>Called when there may be more places than before. On any thread, outside of all locks.</summary>
    public Action? PlacesChanged { get; set; }

    /// <summary>Whether all workers are processes of this machine, as many as the run likes.</summary>
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
                return IsHere ? int.MaxValue : _hosts.Sum(host => host.Used + host.Free);
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
                WorkerHost[] hopeful = [.. _hosts.Where(host => host is { IsLeaving: false, IsOutOfReach: false })];
                return hopeful.Length == 0 ? null : hopeful.Min(host => host.Free > 0 ? TimeSpan.Zero : host.Pause);
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
            // Others there may go on. And where no machine is left, the error of the run says it all.
            isNews = !host.IsReported && host.Used == host.Opening && _hosts.Exists(other => other is { IsLeaving: false, IsOutOfReach: false });
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

        PlacesChanged?.Invoke();
    }

    public void Dispose()
    {
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
