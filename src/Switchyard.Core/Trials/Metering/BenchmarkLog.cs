using Switchyard.Core.Analysis;

namespace Switchyard.Core.Trials.Metering;

/// <summary>What the workers of a benchmark run recorded.</summary>
internal sealed class BenchmarkLog
{
    private readonly object _lock = new();
    private readonly List<SampledItem> _items = [];
    private readonly List<long> _opened = [];
    private WarmState? _warm;
    private readonly List<SampleInterval> _intervals = [];

    /// <summary>When the run began: <see cref="Stopwatch"/> ticks.</summary>
    public long Start { get; } = Stopwatch.GetTimestamp();

    /// <summary>The state when each worker had done its first item; null before.</summary>
    public WarmState? Warm
    {
        get => Volatile.Read(ref _warm);
        internal set => Volatile.Write(ref _warm, value);
    }

    /// <summary>The items that have ended, in the order of their ends. A copy.</summary>
    public IReadOnlyList<SampledItem> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    public IReadOnlyList<long> Opened
    {
        get
        {
            lock (_lock)
            {
                return [.. _opened];
            }
        }
    }

    /// <summary>What the threads used for their items, interval by interval. A copy.</summary>
    public IReadOnlyList<SampleInterval> Intervals
    {
        get
        {
            lock (_lock)
            {
                return [.. _intervals];
            }
        }
    }

    internal void Note(in SampledItem item)
    {
        lock (_lock)
        {
            _items.Add(item);
        }
    }

    internal void NoteOpened()
    {
        lock (_lock)
        {
            _opened.Add(Stopwatch.GetTimestamp());
        }
    }

    internal void NoteUsed(in SampleInterval interval)
    {
        lock (_lock)
        {
            _intervals.Add(interval);
        }
    }
}
