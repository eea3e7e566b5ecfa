namespace Switchyard.Core.Gauges;

/// <summary>What the garbage collector knows of the machine: the fallback where nothing else can be read.</summary>
internal sealed class RuntimeMemoryGauge : IMemoryGauge
{
    private readonly object _lock = new();
    private long _lastCollection = -1;

    public MemoryReading Read()
    {
        lock (_lock)
        {
            GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.Any);
            if (info.Index == 0 || info.Index == _lastCollection)
            {
                // The figures are the last collection's. Who waits for memory allocates nothing, and would wait for ever.
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                info = GC.GetGCMemoryInfo(GCKind.Any);
            }

            _lastCollection = info.Index;
            return new MemoryReading(Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes), info.TotalAvailableMemoryBytes);
        }
    }
}
