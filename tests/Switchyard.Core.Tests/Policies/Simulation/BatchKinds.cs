using static Switchyard.Core.Policies.Simulation.StageKind;

namespace Switchyard.Core.Policies.Simulation;

/// <summary>The kinds of work that a batch of a few seconds is judged on. Parameters are in seconds.</summary>
internal static class BatchKinds
{
    public static Workload[] On(int cores) =>
    [
        Workloads.Compute(cores, 0.0005),
        Workloads.Compute(cores, 0.012),
        Workloads.Compute(cores, 0.15),
        Workloads.Compute(cores, 0.6),
        Workloads.Trivial(cores),
        Workloads.Waiting(cores, 0.005),
        Workloads.Waiting(cores, 0.03),
        Workloads.Waiting(cores, 0.2),
        Workloads.Waiting(cores, 0.7),
        Workloads.Waiting(cores, 0.02, 0.002),
        Workloads.Mixed(cores, 0.003, 0.02),
        Workloads.Mixed(cores, 0.01, 0.01),
        Workloads.Mixed(cores, 0.004, 0.06),
        Workloads.Locked(cores, 0.03, 0.006),
        Workloads.Locked(cores, 0.01, 0.002, computes: true),
        Workloads.Locked(cores, 0.001, 0.01),
        Workloads.Server(cores, 3, 0.12),
        Workloads.Server(cores, 1, 0.05),
        Workloads.Server(cores, 10, 0.05),
        Workloads.Server(cores, 4, 0.008),
        Workloads.Thrashing(cores, 9, 0.06, 0.3),
        Workloads.Thrashing(cores, 20, 0.04, 1),
        Workloads.HeavyTailed(cores, 0.03, 1.2),
        Workloads.HeavyTailed(cores, 0.02, 1.8),
        new("pairs that wait for each other", cores, (_, random) => [Computes(0.0005), Waits(0.02, random), new(Meet, 0), Waits(0.02, random)]),
        new("pairs that compute and wait for each other", cores, (_, random) => [Computes(0.01, random), new(Meet, 0), Computes(0.01, random)]),
        new("CPU 2 or 60 ms", cores, (_, random) => [Computes(random.Next(10) == 0 ? 0.06 : 0.002)]),
        new("wait 5 or 200 ms", cores, (_, random) => [Computes(0.0003), new(Wait, random.Next(10) == 0 ? 0.2 : 0.005)]),
        new("CPU 20 or wait 60 ms", cores, (_, random) => [random.Next(2) == 0 ? Computes(0.02) : new(Wait, 0.06)]),
        new("CPU of a long tail", cores, (_, random) => [Computes(Math.Min(1, 0.004 / Math.Pow(1 - random.NextDouble(), 1 / 1.5)))]),
        Workloads.Compute(cores, 0.01) with { Name = "first item x 20, CPU 10 ms", FirstItemFactor = 20 },
        Workloads.Waiting(cores, 0.05, 0.002) with { Name = "first item x 8, wait 50 ms, CPU 2 ms", FirstItemFactor = 8 },
        Workloads.Waiting(cores, 0.005) with { Name = "first item computes 15 ms more, wait 5 ms", FirstItemCpu = 0.015 },
        Workloads.Waiting(cores, 0.05) with { Name = "first item computes 15 ms more, wait 50 ms", FirstItemCpu = 0.015 },
        Workloads.Waiting(cores, 0.3) with { Name = "first item computes 40 ms more, wait 300 ms", FirstItemCpu = 0.04 },
        Workloads.Mixed(cores, 0.003, 0.02) with { Name = "first item computes 15 ms more, CPU 3 + wait 20 ms", FirstItemCpu = 0.015 },
        Workloads.Compute(cores, 0.005) with { Name = "first item waits 500 ms more, CPU 5 ms", FirstItemWait = 0.5, FirstItemCpu = 0.03 },
        new("wait 100, then CPU 100 ms", cores, (_, random) => [Waits(0.1, random), Computes(0.1, random)]),
        new("CPU 100, then wait 100 ms", cores, (_, random) => [Computes(0.1, random), Waits(0.1, random)]),
        new("wait 300, then CPU 30 ms", cores, (_, random) => [Waits(0.3, random), Computes(0.03, random)]),
        new("half wait 50, half CPU 20 ms", cores, Waiting(0.05)) { SecondHalf = Computing(0.02) },
        new("half CPU 20, half wait 50 ms", cores, Computing(0.02)) { SecondHalf = Waiting(0.05) },
        new("disk of 2, 8 ms, 3 of 4 in a cache", cores, (_, random) => random.Next(4) == 0 ? Reads(0.008, random) : [Computes(0.001)]) { Units = 2 },
        new("half CPU 2 ms, half disk of 4, 10 ms", cores, Computing(0.002)) { Units = 4, SecondHalf = (_, random) => Reads(0.01, random) },
        Workloads.Compute(cores, 0.02) with { Name = "busy machine, CPU 20 ms", Taken = Bursts(cores, 1) },
        Workloads.Mixed(cores, 0.004, 0.03) with { Name = "busy machine, CPU 4 + wait 30 ms", Taken = Bursts(cores, 2) },
        new("busy machine, half CPU 20, half wait 50 ms", cores, Computing(0.02)) { SecondHalf = Waiting(0.05), Taken = _ => cores * 0.5, TellsRunQueue = true },
        Workloads.Waiting(cores, 0.05) with { Name = "busy machine, wait 50 ms", Taken = _ => cores * 0.9 },
    ];

    /// <summary>In four of ten quarters of a second something else takes up to 70 % of the machine.</summary>
    public static Func<double, double> Bursts(int cores, int seed) => time =>
    {
        double chance = new Random(unchecked((int)(time * 4) + (seed * 7919))).NextDouble();
        return chance < 0.4 ? cores * 0.7 * chance / 0.4 : 0;
    };

    private static Func<double, Random, Stage[]> Waiting(double seconds) => (_, random) => [Computes(0.0003), Waits(seconds, random)];

    private static Func<double, Random, Stage[]> Computing(double seconds) => (_, random) => [Computes(seconds, random)];

    private static Stage[] Reads(double seconds, Random random) => [Computes(0.001), new(Acquire, 0), Waits(seconds, random), new(Release, 0)];

    private static Stage Waits(double seconds, Random random) => new(Wait, Workloads.Vary(seconds, 0.2, random));

    private static Stage Computes(double seconds, Random random) => Computes(Workloads.Vary(seconds, 0.2, random));

    private static Stage Computes(double seconds) => new(Compute, seconds);
}
