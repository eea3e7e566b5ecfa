using Switchyard.Core.Gauges;

namespace Switchyard.Core.Probes;

/// <summary>
/// What the runtime itself tells, on Windows and macOS: no run queue, no disk and no children, whose time then counts as waiting.
/// </summary>
internal sealed class RuntimeWorkProbe : IWorkProbe
{
    public static WorkReading ReadRuntime()
    {
        ThreadClock.TryRead(out TimeSpan cpu);
        return new WorkReading
        {
            Timestamp = Stopwatch.GetTimestamp(),
            ThreadCpu = cpu,
            GarbageCollection = GC.GetTotalPauseDuration(),
            Contentions = Monitor.LockContentionCount,
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread(),
        };
    }

    public WorkReading Read() => ReadRuntime();

    public void Dispose()
    {
    }
}
