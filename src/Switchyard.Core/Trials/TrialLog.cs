using System.Diagnostics;
using Switchyard.Verdict;

namespace Switchyard.Trials;

/// <summary>What the workers of a trial note.</summary>
public sealed class TrialLog
{
    private readonly object _lock = new();
    private readonly List<SampledItem> _items = [];
    private readonly List<long> _opened = [];
    private WarmState? _warm;
    private readonly List<Stretch> _stretches = [];

    /// <summary>When the trial began: <see cref="Stopwatch"/> ticks.</summary>
    public long Start { get; } = Stopwatch.GetTimestamp();

    /// <summary>How things stood when each worker had done its first item; null before.</summary>
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

    /// <summary>How many items have ended.</summary>
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

    /// <summary>When each worker was ready. A copy.</summary>
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

    /// <summary>What the threads used for their items, stretch by stretch. A copy.</summary>
    public IReadOnlyList<Stretch> Stretches
    {
        get
        {
            lock (_lock)
            {
                return [.. _stretches];
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

    internal void NoteUsed(in Stretch stretch)
    {
        lock (_lock)
        {
            _stretches.Add(stretch);
        }
    }
}
