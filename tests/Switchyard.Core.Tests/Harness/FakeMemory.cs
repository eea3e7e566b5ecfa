using Switchyard.Core.Gauges;

namespace Switchyard.Core.Harness;

/// <summary>A machine with as much memory as the test says, which counts how often it is asked.</summary>
internal sealed class FakeMemory(long available) : IMemoryGauge
{
    private long _available = available;
    private int _readings;

    public long Available
    {
        get => Volatile.Read(ref _available);
        set => Volatile.Write(ref _available, value);
    }

    public int Readings => Volatile.Read(ref _readings);

    public MemoryReading Read()
    {
        Interlocked.Increment(ref _readings);
        return new MemoryReading(Available, long.MaxValue);
    }
}
