namespace Switchyard.Core.Analysis;

public sealed class ProcessAdvisorThresholdTests
{
    [Theory]
    [InlineData(0.61, 0, 0, 0, Bottleneck.Cpu)]
    [InlineData(0.59, 0, 0, 0, Bottleneck.Mixed)]
    [InlineData(0.39, 0, 0, 0, Bottleneck.Wait)]
    [InlineData(0.41, 0, 0, 0, Bottleneck.Mixed)]
    [InlineData(0.31, 0.3, 0, 0, Bottleneck.Cpu)]
    [InlineData(0.2, 0, 0.26, 0, Bottleneck.Disk)]
    [InlineData(0.2, 0, 0.24, 0, Bottleneck.Mixed)]
    [InlineData(0.3, 0, 0.26, 0, Bottleneck.Mixed)]
    [InlineData(0.1, 0, 0, 0.61, Bottleneck.ChildProcess)]
    [InlineData(0.1, 0, 0, 0.59, Bottleneck.Mixed)]
    public void It_takes_so_much_of_the_time_to_name_it(double cpu, double queued, double disk, double child, Bottleneck expected) =>
        Assert.Equal(expected, Advise(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(10 * cpu), RunQueue = Seconds(10 * queued), Disk = Seconds(10 * disk), ChildCpu = Seconds(10 * child) }).Bottleneck);

    [Theory]
    [InlineData(2.6, 0, Bottleneck.GarbageCollection)]
    [InlineData(2.4, 0, Bottleneck.Mixed)]
    [InlineData(0, 7.6, Bottleneck.Lock)]
    [InlineData(0, 7.4, Bottleneck.Mixed)]
    public void A_runtime_names_its_own_kinds(double paused, double locked, Bottleneck expected) =>
        Assert.Equal(expected, Advise(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(5) }, new RuntimeFigures(1, paused, 1, locked)).Bottleneck);

    [Fact]
    public void Locks_that_threads_waited_for_while_others_computed_more_are_not_what_holds_it_up() =>
        Assert.Equal(Bottleneck.Cpu, Advise(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(20) }, new RuntimeFigures(0, 0, 1, 19)).Bottleneck);

    [Theory]
    [InlineData(2, 0, Recommendation.Threads, 20, 20)]
    [InlineData(2, 5, Recommendation.Processes, 10, 10)]
    [InlineData(30, 0, Recommendation.Sequential, 1, 1)]
    [InlineData(20, 0, Recommendation.Processes, 2, 2)]
    [InlineData(0.1, 0, Recommendation.Threads, 64, 64)]
    public void As_many_are_advised_as_keep_the_cores_busy(double cpu, double queued, Recommendation way, int width, double speedup)
    {
        Advice advice = Advise(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(cpu), RunQueue = Seconds(queued) });
        Assert.Equal((way, width), (advice.Recommendation, advice.ThrottleLimit));
        Assert.Equal(speedup, advice.ExpectedSpeedup, 1e-9);
        Assert.Null(advice.BreakEvenCount);
        Assert.Equal(300L << 20, advice.BytesPerWorker);
    }

    [Fact]
    public void What_waits_for_disks_is_for_threads_too() =>
        Assert.Equal(Recommendation.Threads, Advise(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(1), Disk = Seconds(8) }).Recommendation);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0.5)]
    [InlineData(25, 0.8)]
    [InlineData(1000, 0.8)]
    public void More_samples_are_surer_up_to_a_point(int samples, double expected) =>
        Assert.Equal(expected, ProcessAdvisor.Advise(Watched(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(2) }) with { PollCount = samples }, 4, 4, 64).Confidence, 9);

    [Fact]
    public void All_that_was_seen_is_told()
    {
        WatchedProcess watched = Watched(new WorkTimes
        {
            Wall = Seconds(10), Cpu = Seconds(2), ChildCpu = Seconds(1), RunQueue = Seconds(1), Disk = Seconds(0.2),
        }) with { HasEnded = true, ReadBytes = 3 << 20, WrittenBytes = 1 << 19, Runtime = new RuntimeFigures(7, 0.5, 31, 4) };
        Assert.Equal(
            [
                "Sampled 100 times in 10.0 s, at the end of which the process ended; it has 8 threads and 300 MB in memory.",
                "Its threads used 0.20 cores, its children 0.10.",
                "For 10.0 % of the time it was ready to run while others had the cores.",
                "For 2.0 % of the time it waited for a disk.",
                "For 53.0 % of the time it waited for something else.",
                "It is a .NET process: 7 garbage collections stopped it for 5.0 % of the time, and its threads waited 31 times for a lock, 4.00 s together.",
                "It read 3.0 MB from disks and wrote 0.5 MB.",
                "The 4 cores do 3.50 times the work of one, as measured; 10.5 such processes keep them busy: cores x (1 + wait / CPU).",
            ],
            ProcessAdvisor.Advise(watched, 4, 3.5, 64).Evidence);
    }

    [Fact]
    public void What_was_hardly_seen_is_not_told()
    {
        WatchedProcess watched = Watched(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(9.7), RunQueue = Seconds(0.15), Disk = Seconds(0.15) });
        string[] expected =
        [
            "Sampled 100 times in 10.0 s; it has 8 threads and 300 MB in memory.",
            "Its threads used 0.97 cores, its children 0.00.",
            "The 4 cores do 4.00 times the work of one, as measured; 4.1 such processes keep them busy: cores x (1 + wait / CPU).",
        ];
        Assert.Equal(expected, ProcessAdvisor.Advise(watched, 4, 4, 64).Evidence);
        Assert.Equal(expected, ProcessAdvisor.Advise(watched with { ReadBytes = 0, WrittenBytes = 0 }, 4, 4, 64).Evidence);
        Assert.Equal(expected, ProcessAdvisor.Advise(watched with { ReadBytes = 1000 }, 4, 4, 64).Evidence);
        Assert.EndsWith(
            "more than 3 such processes would be needed to keep them busy.", ProcessAdvisor.Advise(watched, 4, 4, 3).Evidence[^1], StringComparison.Ordinal);
        Assert.Contains(
            "1.0 such processes keep them busy",
            ProcessAdvisor.Advise(Watched(new WorkTimes { Wall = Seconds(10), Cpu = Seconds(80) }), 4, 4, 64).Evidence[^1],
            StringComparison.Ordinal);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static WatchedProcess Watched(WorkTimes times) => new() { Times = times, ThreadCount = 8, PollCount = 100, WorkingSet = 300L << 20 };

    private static Advice Advise(WorkTimes times, RuntimeFigures? runtime = null) =>
        ProcessAdvisor.Advise(Watched(times) with { Runtime = runtime }, 4, 4, 64);
}
