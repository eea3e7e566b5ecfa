namespace Switchyard.Core.Processes.Trees;

/// <summary>
/// Reads the system's table once for all who ask at about the same time: when hundreds of children are ended together, each wants to
/// know what it has started, and again what is left of that.
/// </summary>
internal sealed class SharedProcessTable(IProcessTable system)
{
    private readonly object _lock = new();
    private IReadOnlyList<ProcessEntry> _last = [];
    private long _lastBegan = long.MinValue;

    public bool HasMarks => system.HasMarks;

    /// <summary>Reads the table, or takes what another has begun to read since this was called.</summary>
    public IReadOnlyList<ProcessEntry> Read()
    {
        long asked = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (_lastBegan <= asked)
            {
                _lastBegan = Stopwatch.GetTimestamp();
                _last = system.Read();
            }

            return _last;
        }
    }
}
