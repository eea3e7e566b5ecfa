namespace Switchyard.Core.Analysis;

public sealed class ProcessAdvisorTests
{
    [Fact]
    public void A_process_that_computes_on_one_core_can_be_had_once_for_each()
    {
        Advice advice = Advise(new WorkTimes { Wall = Seconds(3), Cpu = Seconds(2.95) });
        Assert.Equal((Bottleneck.Cpu, Recommendation.Processes, 4), (advice.Bottleneck, advice.Recommendation, advice.ThrottleLimit));
    }

    [Fact]
    public void One_that_has_all_cores_is_enough() =>
        Assert.Equal(Recommendation.Sequential, Advise(new WorkTimes { Wall = Seconds(3), Cpu = Seconds(11.5) }).Recommendation);

    [Fact]
    public void One_that_waits_can_be_had_often()
    {
        Advice advice = Advise(new WorkTimes { Wall = Seconds(3), Cpu = Seconds(0.03) });
        Assert.Equal((Bottleneck.Wait, Recommendation.Threads, 64), (advice.Bottleneck, advice.Recommendation, advice.ThrottleLimit));
    }

    [Fact]
    public void What_the_runtime_tells_counts()
    {
        Advice collected = Advise(new WorkTimes { Wall = Seconds(3), Cpu = Seconds(3) }, new RuntimeFigures(100, 1.5, 0, 0));
        Assert.Equal(Bottleneck.GarbageCollection, collected.Bottleneck);
        Advice locked = Advise(new WorkTimes { Wall = Seconds(3), Cpu = Seconds(1) }, new RuntimeFigures(0, 0, 5000, 20));
        Assert.Equal(Bottleneck.Lock, locked.Bottleneck);
        Assert.Contains(locked.Evidence, sentence => sentence.Contains("5000 times for a lock", StringComparison.Ordinal));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Advice Advise(WorkTimes times, RuntimeFigures? runtime = null) =>
        ProcessAdvisor.Advise(new WatchedProcess { Times = times, ThreadCount = 8, PollCount = 100, Runtime = runtime }, 4, 4, 64);
}
