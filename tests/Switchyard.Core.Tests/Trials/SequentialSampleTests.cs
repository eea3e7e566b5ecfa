using System.Diagnostics;
using Switchyard.Core.Analysis;
using Switchyard.Core.Items;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

public sealed class SequentialSampleTests
{
    [Theory]
    [InlineData(0, 0.4, 0.6)]
    [InlineData(1, 0.4, 0.2)]
    [InlineData(1.5, 0.4, 0)]
    [InlineData(9, 0.4, 0)]
    public void Time_that_the_host_has_taken_is_no_waiting_of_the_items(double stolen, double cpu, double wait)
    {
        BenchmarkLog log = new();
        List<SampledItem> items = [];
        for (int i = 0; i < 10; i++)
        {
            long start = log.Start + (i * Stopwatch.Frequency / 10);
            long end = start + (Stopwatch.Frequency / 10);
            items.Add(new SampledItem(1, start, end, ItemStatus.Succeeded, CpuTime: null));
            log.Note(items[^1]);
            log.NoteUsed(new SampleInterval(start, new WorkReading { ThreadCpu = TimeSpan.FromMilliseconds(100 * cpu) }));
        }

        Findings findings = SequentialSample.FindingsOf(
            log, diskShare: 0, stolen, [.. items], TimeSpan.Zero, new MeasuringCost(0, 0), isExecutable: false, usedCount: 10, capacity: 2);
        TimeSplit split = TimeSplit.Of(findings.Times);
        Assert.Equal(cpu, split[TimeKind.Cpu], 3);
        Assert.Equal(wait, split[TimeKind.Wait], 3);
        Assert.Equal(1 - cpu - wait, split[TimeKind.RunQueue], 3);
    }
}
