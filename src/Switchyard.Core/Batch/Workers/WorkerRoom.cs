namespace Switchyard.Core.Batch.Workers;

/// <summary>How many workers of a run the system has room for: as its limits say beforehand, and as workers that could not start have shown.</summary>
internal sealed class WorkerRoom(BatchOptions options, IWorkerFactory factory)
{
    private readonly object _lock = new();
    private volatile int _most = int.MaxValue;
    private string _reason = string.Empty;
    private bool _isCounted;
    private bool _hasTold;

    /// <summary>Takes the record that tells the caller.</summary>
    public Action<ItemRecord>? Announce { get; set; }

    /// <summary>How many there is room for.</summary>
    public int Most => _most;

    /// <summary>Whether that is fewer than the throttle allows.</summary>
    public bool IsShort => _most < int.MaxValue;

    /// <summary>Reads the limits once, before the first worker takes anything.</summary>
    public void Count()
    {
        if (_isCounted)
        {
            return;
        }

        _isCounted = true;
        WorkerNeeds needs = factory.Needs;
        int wanted = options.ThrottleLimit - factory.ReadyCount;
        if (wanted > 1 && options.RoomGauge?.CountWorkers(needs.Files, needs.Tasks, wanted, out _reason) is { } room && room < wanted)
        {
            _most = room + factory.ReadyCount;
        }
    }

    /// <summary>One could not start while so many others ran.</summary>
    public void Lower(int most, string reason)
    {
        lock (_lock)
        {
            _most = Math.Min(_most, most);
            _reason = reason;
        }
    }

    /// <summary>Tells the caller, once, that there would have been more.</summary>
    public void Tell()
    {
        lock (_lock)
        {
            if (_hasTold)
            {
                return;
            }

            _hasTold = true;
        }

        if (options.WorkersShort is { } tell)
        {
            Announce?.Invoke(tell(_reason));
        }
    }
}
