using Switchyard.Core.Processes;

namespace Switchyard.Core.Gauges;

// Alone, as any other test's collection would be taken for the gauge's.
[Collection(ProcessCounts.Name)]
public sealed class RuntimeMemoryGaugeTests
{
    [Fact]
    public void The_runtime_s_figures_are_plausible_and_new_each_time()
    {
        const int Readings = 20;
        RuntimeMemoryGauge gauge = new();
        int before = GC.CollectionCount(0);

        for (int i = 0; i < Readings; i++)
        {
            MemoryGaugeTests.AssertPlausible(gauge.Read());
        }

        // One reading may have the figures of a background collection that began before and has only now ended.
        Assert.InRange(GC.CollectionCount(0) - before, Readings - 1, int.MaxValue);
    }
}
