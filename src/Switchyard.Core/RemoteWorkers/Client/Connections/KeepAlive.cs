namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>
/// Every 50 ms: tells the workers of a run that their caller is alive, kills those that are silent, and gets items back from those that are
/// slow while others have nothing to do.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly List<RemoteWorker> _workers = [];
    private Timer? _timer;
    private bool _isTicking;

    public void Add(RemoteWorker worker)
    {
        lock (_lock)
        {
            _workers.Add(worker);
            _timer ??= new Timer(static keepAlive => ((KeepAlive)keepAlive!).Tick(), this, _period, _period);
        }
    }

    public void Remove(RemoteWorker worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
        }
    }

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
