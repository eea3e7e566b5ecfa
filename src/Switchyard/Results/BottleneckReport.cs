using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;
using Switchyard.Results;

namespace Switchyard;

/// <summary>What holds work up, and what to do about it: what <c>Measure-Bottleneck</c> writes, and <c>Invoke-Batch</c> tells of its run.</summary>
public sealed class BottleneckReport
{
    private const double Megabyte = 1024 * 1024;

    internal BottleneckReport(Findings findings, Advice advice, SuggestedCommand command, MachinesAdvice machines, ItemTraffic? traffic)
        : this(findings, advice, command)
    {
        OtherMachinesPay = machines.Pays;
        OtherMachines = machines.Text;
        LinkMBPerSecond = machines.LinkRate is { } rate ? Math.Round(rate / 1e6, 3) : null;
        BytesPerItemIn = traffic is null ? null : (long)Math.Ceiling(traffic.BytesIn);
        BytesPerItemOut = traffic is null ? null : (long)Math.Ceiling(traffic.OutputBytes);
        Hosts = [.. machines.Hosts.Select(host => new BottleneckHost(host))];
    }

    internal BottleneckReport(Findings findings, Advice advice, SuggestedCommand command)
        : this(advice, command)
    {
        MeanTime = TimeSpan.FromSeconds(findings.ItemSeconds.Mean);
        MedianTime = TimeSpan.FromSeconds(findings.ItemSeconds.Median);
        P95Time = TimeSpan.FromSeconds(findings.ItemSeconds.P95);
        SampledCount = findings.UsedCount;
        FailedCount = findings.Failures.Count;
        SamplingTime = findings.Took;
        Trials = [.. findings.Trials.Select(trial => new TrialResult(trial, ExecutionAdvisor.Predict(findings, trial.Width)))];
    }

    internal BottleneckReport(int processId, string processName, TimeSpan took, Advice advice, SuggestedCommand command)
        : this(advice, command)
    {
        ProcessId = processId;
        ProcessName = processName;
        SamplingTime = took;
    }

    private BottleneckReport(Advice advice, SuggestedCommand command)
    {
        TimeSplit split = advice.Split;
        Bottleneck = advice.Bottleneck;
        Recommendation = advice.Recommendation;
        ThrottleLimit = advice.ThrottleLimit;
        CpuPercent = Percent(TimeKind.Cpu);
        RunQueuePercent = Percent(TimeKind.RunQueue);
        LockPercent = Percent(TimeKind.Lock);
        GarbageCollectionPercent = Percent(TimeKind.GarbageCollection);
        DiskPercent = Percent(TimeKind.Disk);
        ChildProcessPercent = Percent(TimeKind.ChildProcess);
        WaitPercent = Percent(TimeKind.Wait);
        ExpectedSpeedup = Math.Round(advice.ExpectedSpeedup, 2);
        BreakEvenCount = advice.BreakEvenCount;
        MemoryPerWorkerMB = advice.BytesPerWorker is { } bytes ? Math.Round(bytes / Megabyte, 1) : null;
        Confidence = Math.Round(advice.Confidence, 2);
        Evidence = [.. advice.Evidence];
        CommandName = command.Name;
        Parameters = command.Parameters;
        Command = command.Text;
        Split = SplitShare.Of(split);

        double Percent(TimeKind kind) => Math.Round(100 * split[kind], 1);
    }

    /// <summary>What holds the work up.</summary>
    public Bottleneck Bottleneck { get; }

    /// <summary>The process that was watched; null if items were run.</summary>
    public int? ProcessId { get; }

    /// <summary>Its name; null if items were run.</summary>
    public string? ProcessName { get; }

    /// <summary>How it is best run.</summary>
    public Recommendation Recommendation { get; }

    /// <summary>How many items are best run at a time.</summary>
    public int ThrottleLimit { get; }

    /// <summary>Of an item's time, percent that went into computing. All percentages make 100.</summary>
    public double CpuPercent { get; }

    /// <summary>Percent for which it could have computed, had a core been free.</summary>
    public double RunQueuePercent { get; }

    /// <summary>Percent that it waited for .NET locks.</summary>
    public double LockPercent { get; }

    /// <summary>Percent that went into collecting garbage.</summary>
    public double GarbageCollectionPercent { get; }

    /// <summary>Percent that it waited for a disk.</summary>
    public double DiskPercent { get; }

    /// <summary>Percent that it waited for processes that it had started, while they computed.</summary>
    public double ChildProcessPercent { get; }

    /// <summary>Percent of all other waiting: for networks, clocks, other threads and processes.</summary>
    public double WaitPercent { get; }

    /// <summary>What an item takes on average, alone and without the cost of measuring.</summary>
    public TimeSpan MeanTime { get; }

    /// <summary>Half of the items took no longer.</summary>
    public TimeSpan MedianTime { get; }

    /// <summary>95 of 100 items took no longer.</summary>
    public TimeSpan P95Time { get; }

    /// <summary>How many items were run, and are used up.</summary>
    public int SampledCount { get; }

    /// <summary>How many of them failed; they are in none of the times.</summary>
    public int FailedCount { get; }

    /// <summary>How many times as fast as one item after another it will be.</summary>
    public double ExpectedSpeedup { get; }

    /// <summary>From how many items on the recommended way is faster in all, start included; null if one after another is as fast.</summary>
    public long? BreakEvenCount { get; }

    /// <summary>Megabytes that each worker was measured to take; null if it was not.</summary>
    public double? MemoryPerWorkerMB { get; }

    /// <summary>How sure all of this is, from 0 to 1: by how much the sampled items differ, and whether the recommendation was tried.</summary>
    public double Confidence { get; }

    /// <summary>Why, in sentences, each with its figures.</summary>
    public string[] Evidence { get; }

    /// <summary>Whether other machines would add to what this one does; null if a process was watched.</summary>
    public bool? OtherMachinesPay { get; }

    /// <summary>The same in a sentence, with the reason; null if a process was watched.</summary>
    public string? OtherMachines { get; }

    /// <summary>
    /// Million bytes a second, in the direction that carries more, that another machine's link takes to do what this one does; null if items cannot be sent.
    /// </summary>
    public double? LinkMBPerSecond { get; }

    /// <summary>Bytes of an item as it is sent to another machine, with the file that it is if that is read; null if items cannot be sent.</summary>
    public long? BytesPerItemIn { get; }

    /// <summary>Bytes of its output as it is sent back; null if items cannot be sent.</summary>
    public long? BytesPerItemOut { get; }

    /// <summary>The machines of -HostName that were measured, those that pay first.</summary>
    public BottleneckHost[] Hosts { get; } = [];

    /// <summary>How long all the measuring took.</summary>
    public TimeSpan SamplingTime { get; }

    /// <summary>The command to run the items with.</summary>
    public string CommandName { get; }

    /// <summary>Its parameters, to splat.</summary>
    public Hashtable Parameters { get; }

    /// <summary>All of it as text, ready to paste.</summary>
    public string Command { get; }

    /// <summary>What was tried with several workers, and what had been predicted from one.</summary>
    public TrialResult[] Trials { get; } = [];

    /// <summary>The time by kinds, largest first; those that took none are left out.</summary>
    public SplitShare[] Split { get; }

    /// <summary>The report in a line.</summary>
    /// <returns>For example <c>Wait: Threads, 64 at a time</c>.</returns>
    public override string ToString() =>
        Recommendation == Recommendation.Sequential ? $"{Bottleneck}: Sequential" : $"{Bottleneck}: {Recommendation}, {ThrottleLimit} at a time";
}
