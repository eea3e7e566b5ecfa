using Switchyard.Core.Items;
using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis.Machines;

public sealed class OtherMachinesTests
{
    private const int Most = 64;

    private static readonly ItemTraffic _light = new(100, 50, 0, 2e-6);

    // Four cores of 10 ms an item.
    private static readonly Findings _computing = Of(10, 0, 4, OnThreads(4, 400));

    [Fact]
    public void What_computes_and_carries_little_can_go_elsewhere_and_says_by_what_link()
    {
        MachinesAdvice machines = Judge(_computing, new ItemTraffic(30_000, 50, 0, 2e-6));
        Assert.True(machines.Pays);
        Assert.Equal(400 * 30_000.0, machines.LinkRate!.Value, 0.01);
        Assert.Equal("yes, a link of 12 MB/s or more carries it: an item takes 30 kB there and brings 50 bytes back. -HostName measures yours.", machines.Text);
    }

    [Theory]
    [InlineData(100, 12_000, 0)]
    [InlineData(12_000, 100, 0)]
    [InlineData(2_000, 100, 10_000)]
    public void The_link_is_that_of_the_direction_that_carries_more_with_files(double item, double output, double file) =>
        Assert.Equal(400 * 12_000.0, Judge(_computing, new ItemTraffic(item, output, file, 2e-6)).LinkRate!.Value, 0.01);

    [Theory]
    [InlineData(1e6, 100, 0)]
    [InlineData(100, 1e6, 0)]
    [InlineData(100, 100, 1e6)]
    public void What_takes_longer_to_send_than_to_run_stays(double item, double output, double file)
    {
        MachinesAdvice machines = Judge(Of(1, 0, 4, OnThreads(4, 4000)), new ItemTraffic(item, output, file, 2e-6));
        Assert.False(machines.Pays);
        Assert.Contains("to send an item", machines.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_takes_longer_to_write_than_to_run_stays() =>
        Assert.Contains("11.0 ms", Judge(_computing, _light with { SendSeconds = 0.011 }).Text, StringComparison.Ordinal);

    [Fact]
    public void An_item_of_a_microsecond_stays_however_little_it_carries() => Assert.False(Judge(Of(0.001, 0), new ItemTraffic(0, 0, 0, 0)).Pays);

    [Fact]
    public void What_waits_does_so_here() =>
        Assert.Contains("64", Assert.Single(No(Of(0.01, 50, 4, OnThreads(4, 80), OnThreads(16, 318)))), StringComparison.Ordinal);

    [Fact]
    public void What_is_ended_by_the_cores_only_with_more_workers_than_there_may_be_stays() =>
        Assert.Contains("do not keep the cores", Assert.Single(No(Of(10, 10, 64, OnThreads(64, 3200)))), StringComparison.Ordinal);

    [Fact]
    public void What_waits_for_each_other_stays() =>
        Assert.Equal([Messages.MachinesLock], No(Of(10, 0, 4, OnThreads(4, 101, locked: 0.7))));

    [Fact]
    public void What_threads_wait_for_and_processes_do_not_can_go_elsewhere() =>
        Assert.Empty(No(Of(10, 0, 4, OnThreads(4, 101, locked: 0.7), OnProcesses(4, 390))));

    [Fact]
    public void What_fails_in_processes_stays() => Assert.Equal([Messages.MachinesFail], No(Of(10, 0, 4, OnThreads(4, 150), OnProcesses(4, 390, failed: 50))));

    [Fact]
    public void What_is_tied_says_by_what() => Assert.Contains("the lock", Judge(_computing, _light, "the lock").Text, StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_sent_stays() => Assert.Equal(Messages.MachinesNothingSent, Judge(_computing, null).Text);

    [Theory]
    [InlineData(790, false)]
    [InlineData(810, true)]
    public void What_is_done_before_a_worker_has_started_elsewhere_stays(long left, bool pays) => Assert.Equal(pays, Judge(_computing, _light, left: left).Pays);

    [Fact]
    public void Machines_are_chosen_by_what_they_do_and_join_this_one()
    {
        Findings findings = _computing with { Hosts = [Host("slow", 1, 0.010), Host("here", 4, 0.010) with { IsHere = true }, Host("fast", 8, 0.005)] };
        MachinesAdvice machines = Choose(findings);
        Assert.Equal(["fast 1600", "here 400", "slow 100"], machines.Hosts.Select(host => $"{host.Host.Name} {host.Rate:0}"));
        Assert.All(machines.Hosts, host => Assert.True(host.Pays));
        Assert.StartsWith("yes: fast, slow.", machines.Text, StringComparison.Ordinal);
        Advice joined = OtherMachines.Join(Advise(findings), machines, findings, _light);
        Assert.Equal((Recommendation.Processes, 8 + 1 + 4), (joined.Recommendation, joined.ThrottleLimit));
        Assert.InRange(joined.ExpectedSpeedup, 20.5, 21);
    }

    [Fact]
    public void A_machine_does_no_more_than_its_link_carries()
    {
        Findings findings = _computing with { Hosts = [Host("far", 8, 0.010) with { SendRate = 5_000, ReceiveRate = 1e9 }, Host("near", 8, 0.010)] };
        HostEstimate[] hosts = [.. Choose(findings).Hosts];
        Assert.Equal([("near", 800.0, false, true), ("far", 50.0, true, true)], hosts.Select(host => (host.Host.Name, Math.Round(host.Rate), host.IsLinkTheLimit, host.Pays)));
        Assert.False(Choose(findings with { Hosts = [Host("far", 8, 0.010) with { SendRate = 1e9, ReceiveRate = 1_900 }] }).Pays);
    }

    [Fact]
    public void A_machine_on_which_items_fail_is_left_out()
    {
        Findings findings = _computing with { Hosts = [Host("bare", 64, 0.001) with { FailedCount = 20 }, Host("good", 4, 0.010)] };
        Assert.Equal(["good"], Choose(findings).Hosts.Where(host => host.Pays).Select(host => host.Host.Name));
    }

    [Fact]
    public void As_many_failures_as_here_are_no_fault_of_the_machine()
    {
        ItemResult failed = new() { Index = 0, Input = 1, Status = ItemStatus.Failed };
        Findings findings = _computing with
        {
            Failures = [.. Enumerable.Repeat(failed, 10 + 8)], UsedCount = 20 + 20, Hosts = [Host("good", 4, 0.010) with { FailedCount = 8 }],
        };
        Assert.True(Choose(findings).Hosts[0].Pays);
    }

    [Fact]
    public void A_machine_on_which_nothing_ran_counts_as_this_one_does() =>
        Assert.Equal((null, 400.0), Choose(_computing with { Hosts = [Host("idle", 4, 0.01) with { ItemSeconds = null }] }).Hosts.Select(host => (host.Speed, Math.Round(host.Rate))).Single());

    [Fact]
    public void A_machine_that_starts_when_all_is_done_is_left_out() =>
        Assert.Equal(["soon"], Choose(_computing with { Hosts = [Host("late", 4, 0.01) with { StartUp = TimeSpan.FromSeconds(30) }, Host("soon", 4, 0.01)] }, left: 4_000)
            .Hosts.Where(host => host.Pays).Select(host => host.Host.Name));

    [Fact]
    public void Cores_that_share_units_here_do_so_there_but_one_worker_has_its_own()
    {
        Findings findings = _computing with { Capacity = 2.8, Hosts = [Host("four", 4, 0.010), Host("one", 1, 0.010)] };
        Assert.Equal(["four 280", "one 100"], Choose(findings).Hosts.Select(host => $"{host.Host.Name} {host.Rate:0}"));
    }

    [Fact]
    public void The_slowest_to_start_decides_for_how_many_items_machines_pay()
    {
        Findings findings = _computing with { Hosts = [Host("soon", 4, 0.010), Host("late", 4, 0.010) with { StartUp = TimeSpan.FromSeconds(9) }] };
        Advice joined = OtherMachines.Join(Advise(findings), Choose(findings), findings, _light);
        Assert.Equal(Knee.BreakEven(9, findings.SequentialRate, joined.ExpectedSpeedup * findings.SequentialRate), joined.BreakEvenCount);
    }

    [Fact]
    public void Of_each_machine_it_is_told_what_was_measured_and_what_is_its_limit()
    {
        Findings findings = _computing with
        {
            Hosts =
            [
                Host("near", 8, 0.010), Host("far", 8, 0.010) with { SendRate = 5_000 }, Host("bare", 8, 0.010) with { FailedCount = 20 },
                Host("idle", 2, 0.010) with { ItemSeconds = null, SendRate = null },
            ],
        };
        Assert.Equal(
            [
                "near has 8 cores; a worker starts there in 1.00 s. The way there and back takes 1.00 ms and carries 100 MB/s there and 100 MB/s back. "
                + "Half of 20 items took it at most 10.0 ms each. Expected of it: 800 items/s.",
                "idle has 2 cores; a worker starts there in 1.00 s. What the link carries was not measured. "
                + "Too few items were run there to tell how fast it is: it counts as this machine does. Expected of it: 200 items/s.",
                "far has 8 cores; a worker starts there in 1.00 s. The way there and back takes 1.00 ms and carries 0.01 MB/s there and 100 MB/s back. "
                + "Half of 20 items took it at most 10.0 ms each. Expected of it, as the link carries no more: 50.0 items/s.",
                "bare has 8 cores; a worker starts there in 1.00 s. The way there and back takes 1.00 ms and carries 100 MB/s there and 100 MB/s back. "
                + "20 of 20 items failed there. Expected of it: 800 items/s.",
            ],
            HostEvidence.Tell(Choose(findings)));
    }

    [Fact]
    public void This_machine_alone_is_no_other() => Assert.False(Choose(_computing with { Hosts = [Host("here", 4, 0.010) with { IsHere = true }] }).Pays);

    [Fact]
    public void Where_nothing_is_gained_no_machine_pays()
    {
        Findings findings = Of(0.01, 50, 4, OnThreads(4, 80), OnThreads(16, 318)) with { Hosts = [Host("fast", 64, 0.05)] };
        MachinesAdvice machines = Choose(findings);
        Assert.Equal((false, false), (machines.Pays, machines.Hosts[0].Pays));
        Advice advice = Advise(findings);
        Assert.Same(advice, OtherMachines.Join(advice, machines, findings, _light));
    }

    private static HostFigures Host(string name, int cores, double seconds) => new()
    {
        Name = name,
        Cores = cores,
        Workers = cores,
        StartUp = TimeSpan.FromSeconds(1),
        RoundTripSeconds = 0.001,
        SendRate = 1e8,
        ReceiveRate = 1e8,
        ItemSeconds = SampleStatistics.Of([.. Enumerable.Repeat(seconds, 20)]),
        ItemCount = 20,
    };

    private static Advice Advise(Findings findings) => ExecutionAdvisor.Advise(findings, Most, null, null);

    private static MachinesAdvice Judge(Findings findings, ItemTraffic? traffic, string? whyHere = null, long? left = null) =>
        OtherMachines.Judge(findings, Advise(findings), traffic, whyHere, Most, left);

    private static MachinesAdvice Choose(Findings findings, long? left = null) =>
        OtherMachines.Choose(Judge(findings, _light, left: left), findings, Advise(findings), _light, left);

    /// <summary>The reason, if there is one.</summary>
    private static string[] No(Findings findings) => Judge(findings, _light) is { Pays: false, Text: var text } ? [text] : [];
}
