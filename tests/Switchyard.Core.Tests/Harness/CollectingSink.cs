using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>Keeps what it gets, may be looked at meanwhile, and may throw at a chosen record.</summary>
internal sealed class CollectingSink : IResultSink
{
    private readonly object _lock = new();
    private readonly List<ItemRecord> _records = [];
    private readonly List<ItemResult> _results = [];

    /// <summary>Called with each record before it is kept.</summary>
    public Action<ItemRecord>? OnWrite { get; init; }

    public IReadOnlyList<ItemRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    public IReadOnlyList<object?> Output => [.. Records.Where(record => record.Kind == RecordKind.Output).Select(record => record.Value)];

    public IReadOnlyList<ItemResult> Results
    {
        get
        {
            lock (_lock)
            {
                return [.. _results];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    public void Write(in ItemRecord record)
    {
        OnWrite?.Invoke(record);
        lock (_lock)
        {
            _records.Add(record);
            Monitor.PulseAll(_lock);
        }
    }

    public void Complete(ItemResult result)
    {
        lock (_lock)
        {
            _results.Add(result);
            Monitor.PulseAll(_lock);
        }
    }

    public void WaitForResults(int count)
    {
        lock (_lock)
        {
            while (_results.Count < count)
            {
                if (!Monitor.Wait(_lock, Bounded.Limit))
                {
                    throw new TimeoutException($"Only {_results.Count} of {count} results arrived.");
                }
            }
        }
    }

    public void WaitForCount(int count)
    {
        lock (_lock)
        {
            while (_records.Count < count)
            {
                if (!Monitor.Wait(_lock, Bounded.Limit))
                {
                    throw new TimeoutException($"Only {_records.Count} of {count} records arrived.");
                }
            }
        }
    }
}
