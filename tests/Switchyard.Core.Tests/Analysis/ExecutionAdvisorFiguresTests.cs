using Switchyard.Core.Items;
using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis;

/// <summary>What the advice says besides its choice, and the figures that a choice is made by.</summary>
public sealed class ExecutionAdvisorFiguresTests
{
    private const int Most = 64;

    [Fact]
    public void The_knee_counts_computing_and_waiting_but_no_time_in_the_run_queue()
    {
        Assert.Equal(16, ExecutionAdvisor.KneeOf(Of(10, 30)), 0.01);
        Assert.Equal(4, ExecutionAdvisor.KneeOf(Of(10, 40) with { Times = Times(cpu: 200) with { RunQueue = Milliseconds(800) } }), 0.01);

        // Clocks that do not agree make no item that takes less than it computes.
        Assert.Equal(4, ExecutionAdvisor.KneeOf(Of(10, 40) with { Times = Times(cpu: 200) with { RunQueue = Milliseconds(900) } }), 0.01);
        Assert.Equal(10, ExecutionAdvisor.KneeOf(Of(10, 40) with { Times = Times(cpu: 200) with { GarbageCollection = Milliseconds(400) } }), 0.01);
        Assert.Equal(20, ExecutionAdvisor.KneeOf(Of(10, 40) with { HandOverSeconds = 0, TimedCount = 0, Times = Times(cpu: 10) }), 0.01);
    }

    [Fact]
    public void So_many_do_as_many_times_the_work_until_the_cores_are_busy()
    {
        Assert.Equal(200, ExecutionAdvisor.Predict(Of(10, 30), 8), 0.1);
        Assert.Equal(400, ExecutionAdvisor.Predict(Of(10, 30), 100), 0.1);
        Findings parallel = Of(10, 0, 2) with { Times = new WorkTimes { Wall = Milliseconds(200), Cpu = Milliseconds(200), HelperCpu = Milliseconds(600) } };
        Assert.Equal(100, ExecutionAdvisor.Predict(parallel, 8), 0.1);
    }

    [Fact]
    public void Widths_beyond_the_cores_are_tried_where_there_is_something_to_fill()
    {
        Assert.Equal([4], ExecutionAdvisor.WidthsToTry(Of(10, 1), Most, validates: false));
        Assert.Equal([4, 6], ExecutionAdvisor.WidthsToTry(Of(10, 3), Most, validates: false));
        Assert.Equal([4, 16, 20], ExecutionAdvisor.WidthsToTry(Of(10, 4), 20, validates: false));
        Assert.Equal([4, 16], ExecutionAdvisor.WidthsToTry(Of(0, 50), 16, validates: false));
        Assert.Equal([2, 4], ExecutionAdvisor.WidthsToTry(Of(0, 50, cores: 2), 4, validates: true));
        Assert.Equal([4, 16, 64], ExecutionAdvisor.WidthsToTry(Of(10, 40) with { Times = Times(cpu: 200) with { Disk = Milliseconds(300), RunQueue = Milliseconds(500) } }, Most, validates: false));
        Assert.Equal([4, 16, 64], ExecutionAdvisor.WidthsToTry(Of(10, 40) with { Times = Times(cpu: 200) with { Lock = Milliseconds(300), RunQueue = Milliseconds(500) } }, Most, validates: false));
        Assert.Empty(ExecutionAdvisor.WidthsToTry(Of(0, 50), most: 1, validates: true));
    }

    [Theory]
    [InlineData(16, 230, true)]
    [InlineData(16, 220, false)]
    [InlineData(15, 300, false)]
    public void A_wide_trial_that_was_nearly_as_good_as_so_many_needs_no_wider_one(int width, double rate, bool expected) =>
        Assert.Equal(expected, ExecutionAdvisor.IsConvincing(Of(0, 50), OnThreads(width, rate)));

    [Fact]
    public void Untried_threads_get_some_slack_over_the_knee()
    {
        Advice advice = Advise(Of(10, 30));
        Assert.Equal((Recommendation.Threads, 24), (advice.Recommendation, advice.ThrottleLimit));
        Assert.Equal(16, advice.ExpectedSpeedup, 0.01);

        // Less where the collector would stop all of them, and never more than what has nothing but waiting.
        Findings collected = Of(10, 30) with { Times = Times(cpu: 200, wall: 800) with { GarbageCollection = Milliseconds(100) } };
        Assert.Equal(18, Advise(collected).ThrottleLimit);
        Assert.Equal(200, ExecutionAdvisor.Advise(Of(0.01, 50), 1000, null, null).ThrottleLimit);
        Assert.Equal(6, Advise(Of(10, 5)).ThrottleLimit);
        Assert.Equal(4, Advise(Of(10, 0) with { Capacity = 3 }).ThrottleLimit);
    }

    [Fact]
    public void What_a_trial_lacked_is_expected_of_wider_ones_too()
    {
        Advice advice = Advise(Of(0.01, 50, 4, OnThreads(4, 60)));
        Assert.Equal(Most, advice.ThrottleLimit);
        Assert.Equal(48, advice.ExpectedSpeedup, 0.1);
        Assert.Equal(0.8, advice.Confidence, 9);
    }

    [Fact]
    public void The_narrowest_of_those_that_come_near_the_best_is_enough()
    {
        Advice advice = Advise(Of(10, 0, 4, OnThreads(8, 395), OnThreads(4, 380)));
        Assert.Equal((Recommendation.Threads, 4), (advice.Recommendation, advice.ThrottleLimit));
        Assert.Equal(3.95, advice.ExpectedSpeedup, 0.01);
        Assert.Equal(1, advice.Confidence, 9);
        Assert.Equal(8, Advise(Of(10, 0, 4, OnThreads(8, 395), OnThreads(4, 370))).ThrottleLimit);
    }

    [Fact]
    public void What_gains_less_and_less_gets_what_comes_within_a_twentieth_of_the_best() =>
        Assert.Equal(15, Advise(Of(0.2, 0.25, 4, OnThreads(4, 4_100), OnThreads(16, 7_000), OnThreads(64, 2_700))).ThrottleLimit);

    [Theory]
    [InlineData(380, Recommendation.Threads)]
    [InlineData(370, Recommendation.Processes)]
    public void Processes_have_to_do_some_more_than_threads(double onThreads, Recommendation expected) =>
        Assert.Equal(expected, Advise(Of(10, 0, 4, OnThreads(4, onThreads, collected: 0.3), OnProcesses(4, 200))).Recommendation);

    [Theory]
    [InlineData(0, 0, 200, Recommendation.Threads)]
    [InlineData(0, 0, 390, Recommendation.Threads)]
    [InlineData(0, 0, 400, Recommendation.Processes)]
    [InlineData(0, 0.3, 200, Recommendation.Processes)]
    [InlineData(0.5, 0, 200, Recommendation.Processes)]
    public void What_processes_are_only_computed_to_do_needs_a_reason(double locked, double collected, double onProcesses, Recommendation expected) =>
        Assert.Equal(expected, Advise(Of(10, 0, 4, OnThreads(4, 300, locked, collected), OnProcesses(4, onProcesses))).Recommendation);

    [Fact]
    public void No_more_processes_are_advised_than_there_may_be()
    {
        Findings findings = Of(10, 0, 4, OnThreads(2, 110, collected: 0.3), OnProcesses(2, 190), OnProcesses(4, 390));
        Assert.Equal((Recommendation.Processes, 4), Choice(findings, Most));
        Assert.Equal((Recommendation.Processes, 2), Choice(findings, 3));
    }

    [Theory]
    [InlineData(10, 0, 0, 4, 100.0, 400)]
    [InlineData(10, 0, 0.01, 4, 100.0, 200)]
    [InlineData(10, 30, 0, 4, 90.0, 100)]
    [InlineData(10, 30, 0, 4, 120.0, 120)]
    [InlineData(10, 30, 0, 4, null, 100)]
    [InlineData(10, 0, 0, 9, 100.0, 400)]
    [InlineData(10, 0, 0.005, 8, 100.0, 266.67)]
    [InlineData(10, 0, 0.005, 2, 100.0, 133.33)]
    public void Warm_processes_do_what_the_items_take_here_and_sending_on_top(double cpu, double wait, double overhead, int width, double? measured, double expected)
    {
        BenchmarkPoint trial = OnProcesses(width, 0) with { OverheadSeconds = overhead, Throughput = measured };
        Assert.Equal(expected, ExecutionAdvisor.ProcessRate(Of(cpu, wait), trial), 0.1);
    }

    [Fact]
    public void Warm_processes_need_not_wait_for_cores_that_others_had()
    {
        Findings findings = Of(10, 5) with { Times = Times(cpu: 200, wall: 300) with { RunQueue = Milliseconds(100) } };
        Assert.Equal(4 / 0.015, ExecutionAdvisor.ProcessRate(findings, OnProcesses(8, 1)), 0.1);
    }

    [Theory]
    [InlineData(120, 0, 0, false)]
    [InlineData(120, 0, 3, true)]
    [InlineData(120, 2, 21, false)]
    [InlineData(120, 2, 22, true)]
    [InlineData(100, 0, 1, true)]
    public void Items_fail_in_processes_if_more_do_than_by_chance(int used, int failedHere, int failedThere, bool expected)
    {
        BenchmarkPoint trial = OnProcesses(4, 100, failedThere);
        Findings findings = Of(10, 0, 4, OnThreads(4, 100), trial) with
        {
            UsedCount = used,
            Failures = [.. Enumerable.Repeat(new ItemResult { Index = 0, Input = 1, Status = ItemStatus.Failed }, failedHere + failedThere)],
        };
        Assert.Equal(expected, ExecutionAdvisor.FailsThere(findings, trial));
    }

    [Fact]
    public void Failures_of_all_trials_of_processes_are_told_from_those_on_threads()
    {
        BenchmarkPoint trial = OnProcesses(4, 100, failed: 22);
        Findings findings = Of(10, 0, 4, OnProcesses(2, 100, failed: 20), trial) with
        {
            UsedCount = 220,
            Failures = [.. Enumerable.Repeat(new ItemResult { Index = 0, Input = 1, Status = ItemStatus.Failed }, 44)],
        };

        // Two of twenty failed on threads: of a hundred, ten would be as many and 21 still chance.
        Assert.True(ExecutionAdvisor.FailsThere(findings, trial));
        Assert.False(ExecutionAdvisor.FailsThere(findings, findings.Trials[0]));
    }

    [Fact]
    public void Memory_is_that_of_the_workers_that_are_advised()
    {
        Assert.Equal(1000, Advise(Sized(Of(10, 0, 4, OnThreads(4, 390)))).BytesPerWorker);
        Assert.Equal(50_000_000, Advise(Sized(Of(10, 0, 4, OnThreads(4, 150, collected: 0.5), OnProcesses(4, 200)))).BytesPerWorker);
        Assert.Equal(1000, Advise(Sized(Executable())).BytesPerWorker);
        Assert.Null(Advise(Sized(Of(10, 0, cores: 1))).BytesPerWorker);

        static Findings Sized(Findings findings) => findings with { BytesPerThread = 1000, BytesPerProcess = 50_000_000 };
    }

    [Fact]
    public void Executables_that_compute_are_processes_whichever_command_runs_them()
    {
        Advice advice = Advise(Executable());
        Assert.Equal((Bottleneck.ChildProcess, Recommendation.Processes, 4), (advice.Bottleneck, advice.Recommendation, advice.ThrottleLimit));
        Assert.Equal(Recommendation.Threads, Advise(Executable() with { IsExecutable = false }).Recommendation);
        Assert.Equal(Recommendation.Threads, Advise(Of(0, 50) with { IsExecutable = true }).Recommendation);
        Assert.NotEqual(Bottleneck.TooSmall, Advise(Of(0.001, 0) with { IsExecutable = true }).Bottleneck);
    }

    [Fact]
    public void What_was_tried_is_surer_than_what_was_computed_and_what_differs_little_surer_than_what_differs_much()
    {
        Assert.Equal(0.8, Advise(Of(10, 30)).Confidence, 9);
        Assert.Equal(1, Advise(Of(10, 0, 4, OnThreads(4, 390))).Confidence, 9);
        SampleStatistics differing = SampleStatistics.Of([0.02, 0.04, 0.04, 0.04, 0.05, 0.05, 0.07, 0.09]);
        Assert.Equal(0.8 * (1 - 0.357), Advise(Of(10, 40) with { ItemSeconds = differing }).Confidence, 0.001);
        Assert.Equal(1 - 0.357, Advise(Of(10, 40, 4, OnThreads(4, 30), OnThreads(16, 30)) with { ItemSeconds = differing }).Confidence, 0.001);
        SampleStatistics single = SampleStatistics.Of([0.05]);
        Assert.Equal(0, Advise(Of(10, 40) with { ItemSeconds = single }).Confidence, 9);
        Assert.Equal(0.5, Advise(Of(10, 0, 4, OnThreads(4, 30)) with { ItemSeconds = single }).Confidence, 9);
    }

    [Fact]
    public void The_laws_are_fitted_to_what_was_tried()
    {
        Advice advice = Advise(Of(10, 0, 4, OnThreads(1, 90), OnThreads(2, 170), OnThreads(4, 300)));
        Assert.Equal(90, advice.ThreadModel!.Rate);
        Assert.Equal(300, advice.ThreadModel.Throughput(4), 5);
        Assert.Null(advice.ProcessModel);
        Assert.Equal(100, Advise(Of(10, 0, 4, OnProcesses(2, 170))).ProcessModel!.Rate, 0.1);
    }

    [Fact]
    public void Less_than_a_tenth_more_is_not_worth_another_way()
    {
        Advice little = Advise(Of(10, 0, 4, OnThreads(2, 109)));
        Assert.Equal((Recommendation.Sequential, 1, 1.0, (long?)null), (little.Recommendation, little.ThrottleLimit, little.ExpectedSpeedup, little.BreakEvenCount));
        Advice enough = Advise(Of(10, 0, 4, OnThreads(2, 111)));
        Assert.Equal((Recommendation.Threads, 2), (enough.Recommendation, enough.ThrottleLimit));
        Assert.Equal(1.11, enough.ExpectedSpeedup, 0.01);
        Assert.NotNull(enough.BreakEvenCount);
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    private static WorkTimes Times(double cpu, double wall = 1000) => new() { Wall = Milliseconds(wall), Cpu = Milliseconds(cpu) };

    private static Findings Executable() =>
        Of(0, 50) with { IsExecutable = true, Times = Times(cpu: 0) with { ChildCpu = Milliseconds(900) } };

    private static Advice Advise(Findings findings) => ExecutionAdvisor.Advise(findings, Most, null, null);

    private static (Recommendation Way, int Width) Choice(Findings findings, int most) =>
        ExecutionAdvisor.Advise(findings, most, null, null) is var advice ? (advice.Recommendation, advice.ThrottleLimit) : default;
}
