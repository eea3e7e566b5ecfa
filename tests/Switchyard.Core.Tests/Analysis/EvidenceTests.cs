using Switchyard.Core.Items;
using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis;

public sealed class EvidenceTests
{
    [Fact]
    public void Everything_that_took_time_is_told_with_its_share() =>
        Assert.Equal(
            [
                "20 items, one after another, took 50.0 ms each (half at most 50.0 ms, 95 % at most 50.0 ms); the first 1 took longer and are left out.",
                "1 of the 25 items that were run failed, and are in none of the times.",
                "20 % of the time (10.0 ms an item) went into computing.",
                "5.0 % of the time (2.50 ms an item) went into collecting garbage.",
                "10 % of the time (5.00 ms an item) went into waiting for a core that others used, which is no waiting of its own.",
                "2.0 % of the time (1.00 ms an item) went into waiting for a lock.",
                "12 % of the time (6.00 ms an item) went into waiting for a disk.",
                "9.0 % of the time (4.50 ms an item) went into waiting for child processes that computed.",
                "42 % of the time (21.0 ms an item) went into waiting for something else.",
                "An item allocates 6,000 kB, 123 MB/s.",
                "An item had 4 kB read from a disk and 2.5 kB written to one.",
                "An item lost its core to others 12 times.",
                "Measuring costs 1.10 ms an item, which is taken off.",
                "The 4 cores do 3.6 times the work of one, as measured; they are busy from 9.53 workers on: cores x (1 + wait / CPU).",
                "14 threads should do 191 items/s, 9.53 times that of one item after another; computed, not tried.",
            ],
            Tell(Busy()));

    [Fact]
    public void What_is_next_to_nothing_is_not_told()
    {
        IReadOnlyList<string> evidence = Tell(Busy() with
        {
            Times = new WorkTimes { Wall = Milliseconds(1000), Cpu = Milliseconds(300), Lock = Milliseconds(19), RunQueue = Milliseconds(19) },
            AllocatedBytes = 4_900_000,
            ReadBytes = 1000,
            WrittenBytes = 23,
            EmptySeconds = 0.0009,
            Failures = [],
        });
        Assert.Equal(
            [
                "20 items, one after another, took 50.0 ms each (half at most 50.0 ms, 95 % at most 50.0 ms); the first 1 took longer and are left out.",
                "30 % of the time (15.0 ms an item) went into computing.",
                "66 % of the time (33.1 ms an item) went into waiting for something else.",
            ],
            evidence.Take(evidence.Count - 2));
    }

    [Theory]
    [InlineData(0.0005, "took 0.5 us each")]
    [InlineData(0.999, "took 999.0 us each")]
    [InlineData(1, "took 1.00 ms each")]
    [InlineData(9.99, "took 9.99 ms each")]
    [InlineData(10, "took 10.0 ms each")]
    [InlineData(999.9, "took 999.9 ms each")]
    [InlineData(1000, "took 1.00 s each")]
    public void Times_have_the_unit_that_fits(double milliseconds, string expected) =>
        Assert.Contains(expected, Tell(Of(milliseconds, 0))[0], StringComparison.Ordinal);

    [Theory]
    [InlineData(500, "do 7.98 items/s, 3.99 times that of one")]
    [InlineData(50, "do 79.8 items/s, 3.99 times that of one")]
    [InlineData(5, "do 798 items/s, 3.99 times that of one")]
    [InlineData(0.5, "do 7,980 items/s, 4.01 times that of one")]
    public void Rates_are_as_exact_as_they_are_known(double cpu, string expected) =>
        Assert.Contains(expected, Tell(Of(cpu, 0, 4, OnThreads(4, 3.99 * 1000 / cpu)))[^1], StringComparison.Ordinal);

    [Fact]
    public void What_was_tried_is_not_told_as_computed() =>
        Assert.Equal("4 threads should do 390 items/s, 3.90 times that of one item after another.", Tell(Of(10, 0, 4, OnThreads(4, 390)))[^1]);

    [Fact]
    public void What_many_workers_gain_is_told_in_tenths() =>
        Assert.Contains("64 threads should do 1,280 items/s, 64.0 times that of one", Tell(Of(0.01, 50))[^1], StringComparison.Ordinal);

    [Fact]
    public void Of_one_item_it_is_told_how_little_that_says()
    {
        Assert.Contains("With 1 timed item nothing is known of how much they differ.", Tell(Of(10, 0) with { ItemSeconds = SampleStatistics.Of([0.01]) }));
        Assert.DoesNotContain(Tell(Of(10, 0) with { ItemSeconds = SampleStatistics.Of([0.01, 0.01]) }), sentence => sentence.StartsWith("With ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_costs_more_to_hand_over_is_told_no_more_of() =>
        Assert.Equal(
            [
                "20 items, one after another, took 1.0 us each (half at most 1.0 us, 95 % at most 1.0 us).",
                "100 % of the time (1.0 us an item) went into computing.",
                "Handing an item to a worker and back costs 2.0 us: more workers would spend their time on that.",
            ],
            Tell(Of(0.001, 0)));

    [Fact]
    public void Each_trial_is_told_as_it_went()
    {
        IReadOnlyList<string> evidence = Tell(Of(
            10, 0, 4,
            OnThreads(1, 95),
            OnThreads(4, 300, collected: 0.11),
            OnThreads(8, 0) with { Throughput = null, ItemCount = 7 },
            OnProcesses(1, 99),
            OnProcesses(4, 330) with { OverheadSeconds = 0.0001 }));
        Assert.Equal(
            [
                "The 4 cores do 4 times the work of one, as measured; they are busy from 4 workers on: cores x (1 + wait / CPU).",
                "1 thread did 95.0 items/s in 100 items, 0.95 times that of one after another; 10.0 ms to start.",
                "4 threads did 300 items/s in 100 items, 3.00 times that of one after another; 40.0 ms to start.",
                "A trial of 8 threads had 7 items, too few to tell.",
                "1 process did 99.0 items/s in 100 items, 0.99 times that of one after another; 500.0 ms to start.",
                "4 processes did 330 items/s in 100 items, 3.30 times that of one after another; 500.0 ms to start.",
                "That was with code not compiled yet. Once it is, 396 items/s are expected of 4 processes: an item's time here, and 100.0 us to send it.",
                "With 4 threads the garbage collector stopped all of them for 11 % of the time.",
                "Processes are computed to do 1.32 times that of threads, as their code will be compiled; but so will that of threads, which neither a lock nor the garbage collector holds up.",
                "4 threads should do 300 items/s, 3.00 times that of one item after another.",
            ],
            evidence.Skip(2));
    }

    [Fact]
    public void Processes_in_which_items_fail_are_told_of_and_not_what_they_would_do_warm()
    {
        IReadOnlyList<string> evidence = Tell(Of(10, 0, 4, OnThreads(4, 390), OnProcesses(4, 200, failed: 3)) with
        {
            UsedCount = 200,
            Failures = [.. Enumerable.Repeat(new ItemResult { Index = 0, Input = 1, Status = ItemStatus.Failed }, 3)],
        });
        Assert.Contains("3 of the 100 items in processes failed, more than on threads: processes are no choice.", evidence);
        Assert.DoesNotContain(evidence, sentence => sentence.Contains("not compiled", StringComparison.Ordinal));
        Assert.DoesNotContain(evidence, sentence => sentence.StartsWith("Processes do", StringComparison.Ordinal));
    }

    [Fact]
    public void Processes_that_gain_too_little_are_compared_with_threads() =>
        Assert.Equal("Processes do 1.03 times that of threads: not enough to pay for their start and memory.", Tell(Of(10, 0, 4, OnThreads(4, 390), OnProcesses(4, 390)))[^2]);

    [Fact]
    public void What_keeps_threads_from_more_is_told()
    {
        Assert.Contains("4 threads spent 70 % of their time waiting for a .NET lock.", Tell(Of(10, 0, 4, OnThreads(4, 101, locked: 0.7))));
        Assert.Contains(
            "4 at once do no more than 1.02 times that of one, although the cores are free: items take turns at something.",
            Tell(Of(0, 20, 4, OnThreads(4, 50), OnThreads(16, 51))));
        Assert.DoesNotContain(Tell(Of(10, 0, 4, OnThreads(4, 300, collected: 0.1))), IsOfCollector);
        Assert.DoesNotContain(Tell(Of(10, 90, 4, OnThreads(4, 30, collected: 0.5))), IsOfCollector);

        static bool IsOfCollector(string sentence) => sentence.Contains("collector", StringComparison.Ordinal);
    }

    [Fact]
    public void Why_processes_were_not_tried_is_told_unless_they_would_be_no_use()
    {
        Assert.Contains("Processes were not tried: because.", Tell(Of(10, 0), "because."));
        Assert.DoesNotContain("Processes were not tried: because.", Tell(Of(0, 50), "because."));
        WorkTimes ofDisk = new() { Wall = Milliseconds(1000), Disk = Milliseconds(900) };
        Assert.DoesNotContain("Processes were not tried: because.", Tell(Of(0, 50) with { Times = ofDisk }, "because."));
    }

    [Fact]
    public void One_core_is_told_by_itself() =>
        Assert.Equal(
            [
                "There is 1 core; it is busy from 1 worker on: cores x (1 + wait / CPU).",
                "The fastest way found does 100.0 items/s, 1.00 times that of one item after another: it does not pay to change.",
            ],
            Tell(Of(10, 0, cores: 1)).TakeLast(2));

    [Fact]
    public void A_knee_beyond_what_may_be_is_told_as_that() =>
        Assert.Equal("The 4 cores do 4 times the work of one, as measured; they would be busy with more than 64 workers.", Tell(Of(0.01, 50))[^2]);

    [Fact]
    public void Too_few_items_are_told_with_what_they_would_have_to_be() =>
        Assert.Equal(
            "3 items are left. To start 4 threads takes 40.0 ms and pays from 6 items on.",
            ExecutionAdvisor.Advise(Of(10, 0, 4, OnThreads(4, 390)), 64, 3, null).Evidence[^1]);

    [Fact]
    public void Cores_that_an_item_keeps_busy_by_itself_are_told()
    {
        Assert.Contains("An item keeps 1.25 cores busy by itself, so fewer workers are needed.", Tell(WithHelpers(50)));
        Assert.DoesNotContain(Tell(WithHelpers(40)), sentence => sentence.Contains("by itself", StringComparison.Ordinal));

        static Findings WithHelpers(double milliseconds) => Of(10, 0) with
        {
            Times = new WorkTimes { Wall = Milliseconds(200), Cpu = Milliseconds(200), HelperCpu = Milliseconds(milliseconds) },
        };
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    private static Findings Busy() => Of(10, 40) with
    {
        Capacity = 3.6,
        ItemSeconds = SampleStatistics.Of([0.5, .. Enumerable.Repeat(0.05, 20)]),
        UsedCount = 25,
        Failures = [new ItemResult { Index = 0, Input = 1, Status = ItemStatus.Failed }],
        Times = new WorkTimes
        {
            Wall = Milliseconds(1000),
            Cpu = Milliseconds(250),
            GarbageCollection = Milliseconds(50),
            RunQueue = Milliseconds(100),
            Lock = Milliseconds(20),
            Disk = Milliseconds(120),
            ChildCpu = Milliseconds(90),
        },
        AllocatedBytes = 6000 * 1024,
        ReadBytes = 4096,
        WrittenBytes = 2560,
        LostCores = 12,
        EmptySeconds = 0.0011,
    };

    private static IReadOnlyList<string> Tell(Findings findings, string? whyNoProcesses = null) =>
        ExecutionAdvisor.Advise(findings, 64, null, whyNoProcesses).Evidence;
}
