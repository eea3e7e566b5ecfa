using Switchyard.Core.Items;
using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis;

public sealed class ExecutionAdvisorTests
{
    private const int Most = 64;

    [Fact]
    public void What_only_waits_gets_as_many_threads_as_there_may_be()
    {
        Advice advice = Advise(Of(0.01, 50, 4, OnThreads(4, 80), OnThreads(16, 318)));
        Assert.Equal((Recommendation.Threads, Most), (advice.Recommendation, advice.ThrottleLimit));
        Assert.InRange(advice.ExpectedSpeedup, 55, 64);
    }

    [Fact]
    public void What_computes_gets_as_many_as_cores() =>
        Assert.Equal((Recommendation.Threads, 4), Choice(Of(10, 0, 4, OnThreads(4, 390))));

    [Fact]
    public void What_waits_for_a_server_of_six_places_gets_a_few_more_than_six()
    {
        foreach (Findings findings in new[]
        {
            Of(0, 20, 4, OnThreads(4, 200), OnThreads(16, 300), OnThreads(64, 301)),
            Of(0, 20, 4, OnThreads(4, 200), OnThreads(16, 300)),
        })
        {
            (Recommendation way, int width) = Choice(findings);
            Assert.Equal(Recommendation.Threads, way);
            Assert.InRange(width, 6, 10);
        }
    }

    [Fact]
    public void What_gains_less_and_less_goes_on_as_long_as_it_gains() =>
        Assert.Equal((Recommendation.Threads, Most), Choice(Of(0.2, 0.25, 4, OnThreads(4, 5_000), OnThreads(16, 9_300), OnThreads(64, 12_700))));

    [Fact]
    public void What_gains_less_and_less_gets_what_it_gains_by()
    {
        (Recommendation way, int width) = Choice(Of(0.2, 0.25, 4, OnThreads(4, 4_100), OnThreads(16, 7_000), OnThreads(64, 2_700)));
        Assert.Equal(Recommendation.Threads, way);
        Assert.InRange(width, 12, 16);
    }

    [Fact]
    public void Threads_that_the_collector_stops_give_way_to_processes() =>
        Assert.Equal((Recommendation.Processes, 4), Choice(Of(10, 0, 4, OnThreads(4, 150, collected: 0.5), OnProcesses(4, 200))));

    [Fact]
    public void Processes_in_which_items_fail_are_no_choice() =>
        Assert.Equal((Recommendation.Threads, 4), Choice(Of(10, 0, 4, OnThreads(4, 150, collected: 0.5), OnProcesses(4, 390, failed: 3))));

    [Fact]
    public void What_takes_turns_stays_sequential()
    {
        Advice advice = Advise(Of(10, 0, 4, OnThreads(4, 101, locked: 0.7)), whyNoProcesses: "'$using:lock' is of type Object, which only threads can share.");
        Assert.Equal((Recommendation.Sequential, 1, 1.0), (advice.Recommendation, advice.ThrottleLimit, advice.ExpectedSpeedup));
        Assert.Contains(advice.Evidence, sentence => sentence.Contains("70 % of their time waiting for a .NET lock", StringComparison.Ordinal));
        Assert.Contains(advice.Evidence, sentence => sentence.Contains("$using:lock", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_hardly_anything_stays_sequential()
    {
        Advice advice = Advise(Of(0.001, 0));
        Assert.Equal((Bottleneck.TooSmall, Recommendation.Sequential), (advice.Bottleneck, advice.Recommendation));
        Assert.Null(advice.BreakEvenCount);
    }

    [Fact]
    public void Too_few_items_stay_sequential_and_are_counted()
    {
        Findings findings = Of(10, 0, 4, OnThreads(4, 390));
        long breakEven = Advise(findings).BreakEvenCount!.Value;
        Assert.Equal(6, breakEven);
        Assert.Equal(Recommendation.Sequential, Advise(findings, itemsLeft: breakEven).Recommendation);
        Assert.Equal((Recommendation.Threads, 4), (Advise(findings, itemsLeft: breakEven + 1).Recommendation, Advise(findings, itemsLeft: 100).ThrottleLimit));
        Assert.Equal(10, Advise(Of(0.01, 50), itemsLeft: 10).ThrottleLimit);
        Assert.Contains(Advise(findings, itemsLeft: 3).Evidence, sentence => sentence.StartsWith("3 items are left.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_body_that_is_parallel_by_itself_gets_fewer()
    {
        Findings findings = Of(10, 0, 8) with
        {
            Times = new WorkTimes { Wall = TimeSpan.FromMilliseconds(200), Cpu = TimeSpan.FromMilliseconds(200), HelperCpu = TimeSpan.FromMilliseconds(600) },
        };
        Advice advice = Advise(findings);
        Assert.Equal(2, advice.ThrottleLimit);
        Assert.Contains(advice.Evidence, sentence => sentence.Contains("keeps 4 cores busy by itself", StringComparison.Ordinal));
    }

    [Fact]
    public void One_core_and_computing_stay_sequential() =>
        Assert.Equal(Recommendation.Sequential, Advise(Of(10, 0, cores: 1)).Recommendation);

    [Fact]
    public void Failures_are_told() =>
        Assert.Contains(
            Advise(Of(10, 0) with { Failures = [new ItemResult { Index = 0, Input = 1, Status = ItemStatus.Failed }] }).Evidence,
            sentence => sentence.StartsWith("1 of the 20 items", StringComparison.Ordinal));

    [Fact]
    public void The_most_that_may_be_is_the_most_that_is_tried()
    {
        Assert.Equal([2], ExecutionAdvisor.WidthsToTry(Of(10, 0, cores: 2), Most, validates: false));
        Assert.Equal([4, 16, 64], ExecutionAdvisor.WidthsToTry(Of(0, 50), Most, validates: false));
        Assert.Equal([2, 4, 16, 64], ExecutionAdvisor.WidthsToTry(Of(0, 50), Most, validates: true));
        Assert.All(ExecutionAdvisor.WidthsToTry(Of(0, 50), most: 3, validates: true), width => Assert.InRange(width, 2, 3));
    }

    [Fact]
    public void Every_sentence_has_a_figure() =>
        Assert.All(
            Advise(Of(10, 20, 4, OnThreads(4, 100), OnProcesses(4, 120)), itemsLeft: 1000).Evidence,
            sentence => Assert.Matches(@"\d", sentence));

    private static Advice Advise(Findings findings, long? itemsLeft = null, string? whyNoProcesses = null) =>
        ExecutionAdvisor.Advise(findings, Most, itemsLeft, whyNoProcesses);

    private static (Recommendation Way, int Width) Choice(Findings findings) =>
        Advise(findings) is var advice ? (advice.Recommendation, advice.ThrottleLimit) : default;
}
