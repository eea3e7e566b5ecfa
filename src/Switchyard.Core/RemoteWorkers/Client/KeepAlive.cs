namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// Looks after the workers of a run from time to time: lets them know that their caller is alive, gives up those that are silent, and
/// gets items back from those that are slow while others have nothing to do.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly List<RemoteWorker> _workers = [];
    private Timer? _timer;
    private bool _isTicking;

    /// <summary>A worker is there.</summary>
    /// <param name="worker">The worker.</param>
    public void Add(RemoteWorker worker)
    {
        lock (_lock)
        {
            _workers.Add(worker);
            _timer ??= new Timer(static pulse => ((KeepAlive)pulse!).Tick(), this, _period, _period);
        }
    }

    /// <summary>A worker is gone.</summary>
    /// <param name="worker">The worker.</param>
    public void Remove(RemoteWorker worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _workers.Clear();
        }
    }

    private void Tick()
    {
        RemoteWorker[] workers;
        lock (_lock)
        {
            if (_isTicking)
            {
                // A machine with so much to do that one round takes longer than the time to the next.
                return;
            }

            _isTicking = true;
            workers = [.. _workers];
        }

        foreach (RemoteWorker worker in workers)
        {
            worker.Poll();
        }

        lock (_lock)
        {
            _isTicking = false;
        }
    }
}
