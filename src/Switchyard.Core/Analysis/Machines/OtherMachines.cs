namespace Switchyard.Core.Analysis.Machines;

/// <summary>Decides from figures whether other machines would add to what this one does, and which of those that were measured. Pure functions.</summary>
internal static class OtherMachines
{
    // Bytes that a core here takes a second for, to encrypt them and hand them on or the other way round.
    private const double CarriedBytes = 2e8;

    // What a machine has to add to what this one does.
    private const double LeastShare = 0.1;

    // Until a PowerShell there has started; with less left to do, this machine is done by then.
    private const double UsualStartSeconds = 2;

    /// <summary>Decides for any machine that is as fast as this one, and names the link that it takes.</summary>
    /// <param name="traffic">Null if items or their output cannot be sent.</param>
    /// <param name="whyHere">What ties the work to this machine; null for nothing.</param>
    /// <param name="most">The most workers that there may be here.</param>
    /// <param name="itemsLeft">How many items are still to be run; null if unknown.</param>
    public static MachinesAdvice Judge(Findings findings, Advice advice, ItemTraffic? traffic, string? whyHere, int most, long? itemsLeft)
    {
        double? linkRate = traffic?.MostBytes * advice.BestRate;
        return WhyNot(findings, advice, traffic, whyHere, most, itemsLeft) is { } reason
            ? new MachinesAdvice(false, reason, linkRate)
            : new MachinesAdvice(
                true,
                Text(Messages.MachinesYes, Evidence.Megabytes(linkRate!.Value), Evidence.Bytes(traffic!.BytesIn), Evidence.Bytes(traffic.OutputBytes)),
                linkRate);
    }

    /// <summary>Says what each machine that was measured would do, those that pay first.</summary>
    public static MachinesAdvice Choose(MachinesAdvice machines, Findings findings, Advice advice, ItemTraffic? traffic, long? itemsLeft)
    {
        HostEstimate[] hosts =
        [
            .. findings.Hosts.Select(host => Estimate(host, machines, findings, advice, traffic, itemsLeft))
                .OrderByDescending(host => host.Pays).ThenByDescending(host => host.Rate),
        ];
        if (!machines.Pays || hosts.Length == 0)
        {
            return machines with { Hosts = hosts };
        }

        HostEstimate[] others = [.. hosts.Where(host => host is { Pays: true, Host.IsHere: false })];
        return others.Length == 0
            ? machines with { Pays = false, Text = Messages.MachinesNoneChosen, Hosts = [.. hosts.Select(host => host with { Pays = false })] }
            : machines with { Text = Text(Messages.MachinesChosen, string.Join(", ", others.Select(host => host.Host.Name)), Evidence.Rate(TotalOf(others, findings, advice, traffic!)), Evidence.Rate(advice.BestRate)), Hosts = hosts };
    }

    /// <summary>The advice where machines were found that pay: this one and they.</summary>
    public static Advice Join(Advice advice, MachinesAdvice machines, Findings findings, ItemTraffic? traffic)
    {
        HostEstimate[] others = [.. machines.Hosts.Where(host => host is { Pays: true, Host.IsHere: false })];
        if (others.Length == 0)
        {
            return advice;
        }

        double rate = TotalOf(others, findings, advice, traffic!);
        return advice with
        {
            Recommendation = Recommendation.Processes,
            ThrottleLimit = others.Sum(host => host.Host.Workers) + findings.Cores,
            ExpectedSpeedup = rate / findings.SequentialRate,
            BreakEvenCount = Knee.BreakEven(others.Max(host => host.Host.StartUp.TotalSeconds), findings.SequentialRate, rate),
            BytesPerWorker = null,
        };
    }

    private static string? WhyNot(
        Findings findings, Advice advice, ItemTraffic? traffic, string? whyHere, int most, long? itemsLeft)
    {
        double cpu = findings.Times.AllCpu.TotalSeconds / Math.Max(1, findings.TimedCount);
        return whyHere is not null ? Text(Messages.MachinesTied, whyHere)
            : traffic is null ? Messages.MachinesNothingSent
            : findings.Trials.Any(point => point.Way == Recommendation.Processes && ExecutionAdvisor.FailsThere(findings, point)) ? Messages.MachinesFail
            : advice.Bottleneck == Bottleneck.Disk ? Messages.MachinesDisk
            : advice.Bottleneck == Bottleneck.Wait ? Text(Messages.MachinesWait, most)
            : advice.Bottleneck == Bottleneck.Lock && advice.Recommendation != Recommendation.Processes ? Messages.MachinesLock
            : SendSeconds(traffic) >= cpu
                ? Text(Messages.MachinesSending, Evidence.Bytes(traffic.BytesIn), Evidence.Bytes(traffic.OutputBytes), Evidence.Time(SendSeconds(traffic)), Evidence.Time(cpu))
            : advice.Bottleneck == Bottleneck.TooSmall ? Text(Messages.MachinesTooSmall, Evidence.Time(findings.ItemSeconds.Median))
            : ExecutionAdvisor.KneeOf(findings) > most ? Text(Messages.MachinesCoresFree, most)
            : itemsLeft is { } left && left / advice.BestRate < UsualStartSeconds ? Text(Messages.MachinesTooFew, left, Evidence.Time(left / advice.BestRate))
            : null;
    }

    private static HostEstimate Estimate(
        HostFigures host, MachinesAdvice machines, Findings findings, Advice advice, ItemTraffic? traffic, long? itemsLeft)
    {
        // A new process is slow until it has compiled its code, so the faster items are compared.
        double? speed = host.ItemSeconds is { Count: > 0, LowerQuartile: > 0 } there ? findings.ItemSeconds.LowerQuartile / there.LowerQuartile : null;
        double cpu = findings.Times.AllCpu.TotalSeconds / Math.Max(1, findings.TimedCount);

        // Its cores share as much with each other as those here do, as far as is known.
        double share = host.Workers > 1 ? Math.Min(1, findings.Capacity / findings.Cores) : 1;
        double computed = host.Workers * share * (speed ?? 1) / Math.Max(1e-9, Math.Max(findings.ItemSeconds.Mean, cpu));
        double carried = traffic is null ? double.PositiveInfinity : Math.Min(
            (host.SendRate ?? double.PositiveInfinity) / Math.Max(1, traffic.BytesIn),
            (host.ReceiveRate ?? double.PositiveInfinity) / Math.Max(1, traffic.OutputBytes));
        double rate = Math.Min(computed, carried);
        bool fails = ExecutionAdvisor.FailsThere(findings, host.FailedCount, host.ItemCount);
        bool isInTime = itemsLeft is not { } left || left / advice.BestRate > host.StartUp.TotalSeconds;
        return new HostEstimate(
            host, speed, rate, carried < computed, fails, machines.Pays && !fails && isInTime && rate >= LeastShare * advice.BestRate);
    }

    // What this machine sends, it does not compute meanwhile.
    private static double TotalOf(HostEstimate[] others, Findings findings, Advice advice, ItemTraffic traffic)
    {
        double seconds = SendSeconds(traffic);
        double sent = Math.Min(others.Sum(host => host.Rate), findings.Capacity / seconds);
        return sent + (advice.BestRate * (1 - (sent * seconds / findings.Capacity)));
    }

    private static double SendSeconds(ItemTraffic traffic) => traffic.SendSeconds + ((traffic.BytesIn + traffic.OutputBytes) / CarriedBytes);

    private static string Text(string message, params object?[] figures) => MessageText.FormatFigures(message, figures);
}
