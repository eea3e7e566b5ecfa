using Switchyard.Core.Processes;

namespace Switchyard.Core.Gauges;

// Alone, as any other test's collection would be taken for the gauge's.
[Collection(ProcessCounts.Name)]
public sealed class RuntimeMemoryGaugeTests
{
    [Fact]
    public void The_runtime_s_figures_are_plausible_and_new_each_time()
    {
        RuntimeMemoryGauge gauge = new();

        // The first reading has the figures of this collection, or of a later one that somebody else needed meanwhile.
        GC.Collect(0);
        long collection = GC.GetGCMemoryInfo(GCKind.Any).Index;
        MemoryGaugeTests.AssertPlausible(gauge.Read());
        MemoryGaugeTests.AssertPlausible(gauge.Read());
        Assert.True(GC.GetGCMemoryInfo(GCKind.Any).Index > collection);
    }
}
