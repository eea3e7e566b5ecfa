using static Switchyard.Core.Policies.Simulation.StageKind;

namespace Switchyard.Core.Policies.Simulation;

/// <summary>The kinds of work that the tests judge. Parameters are in seconds.</summary>
internal static class Workloads
{
    public static Workload Compute(int cores, double cpu) =>
        new($"CPU {cpu * 1000:0.#} ms, {cores} cores", cores, (_, random) => [new(StageKind.Compute, Vary(cpu, 0.1, random))]);

    public static Workload Waiting(int cores, double wait, double cpu = 0.0003) =>
        new($"wait {wait * 1000:0} ms, {cores} cores", cores, (_, random) => [new(StageKind.Compute, cpu), new(Wait, Vary(wait, 0.1, random))]);

    public static Workload Mixed(int cores, double cpu, double wait) =>
        new(
            $"mixed {cpu * 1000:0.#} CPU + {wait * 1000:0.#} ms wait, {cores} cores",
            cores,
            (_, random) => [new(StageKind.Compute, Vary(cpu / 2, 0.3, random)), new(Wait, Vary(wait, 0.3, random)), new(StageKind.Compute, Vary(cpu / 2, 0.3, random))]);

    public static Workload Locked(int cores, double free, double held, bool computes = false) =>
        new(
            $"lock {held * 1000:0.#} of {(free + held) * 1000:0.#} ms {(computes ? "CPU" : "wait")}, {cores} cores",
            cores,
            (_, random) =>
            [
                new(StageKind.Compute, 0.0002), new(computes ? StageKind.Compute : Wait, Vary(free, 0.2, random)),
                new(Acquire, 0), new(computes ? StageKind.Compute : Wait, Vary(held, 0.2, random)), new(Release, 0),
            ]);

    public static Workload Server(int cores, int units, double service, double cpu = 0.0005) =>
        new(
            $"server of {units}, {service * 1000:0} ms, {cores} cores",
            cores,
            (_, random) => [new(StageKind.Compute, cpu), new(Acquire, 0), new(Wait, Vary(service, 0.2, random)), new(Release, 0)])
        {
            Units = units,
        };

    /// <summary>A server that serves up to <paramref name="knee"/> at full speed, and gets slower in all beyond.</summary>
    public static Workload Thrashing(int cores, int knee, double service, double loss) =>
        new(
            $"thrashing past {knee} by {loss:0.##}, {service * 1000:0} ms, {cores} cores",
            cores,
            (_, random) => [new(StageKind.Compute, 0.0003), new(Serve, Vary(service, 0.3, random))])
        {
            ServerSpeed = n => Math.Min(1, (double)knee / n) / (1 + (loss * Math.Max(0, n - knee) / knee)),
        };

    public static Workload Trivial(int cores) =>
        new($"trivial, {cores} cores", cores, (_, _) => [new(StageKind.Compute, 0.0005)]) { Chunk = 300 };

    public static Workload HeavyTailed(int cores, double median, double sigma) =>
        new(
            $"lognormal {median * 1000:0} ms, sigma {sigma:0.#}, {cores} cores",
            cores,
            (_, random) => [new(StageKind.Compute, 0.0005), new(Wait, median * Math.Exp(sigma * Gauss(random)))])
        {
            Window = (5, 25),
        };

    /// <summary>Any kind with any parameters: what the controller is tuned on.</summary>
    public static Workload Any(Random random)
    {
        int cores = 1 << random.Next(1, 5);
        double Log(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
        Workload work = random.Next(8) switch
        {
            0 => Compute(cores, Log(0.001, 0.3)),
            1 => Waiting(cores, Log(0.005, 0.5), Log(0.0001, 0.001)),
            2 => Mixed(cores, Log(0.001, 0.05), Log(0.002, 0.2)),
            3 => Locked(cores, Log(0.002, 0.1), Log(0.001, 0.02)),
            4 => Locked(cores, Log(0.002, 0.1), Log(0.001, 0.02), computes: true),
            5 => Server(cores, random.Next(1, 60), Log(0.005, 0.3)),
            6 => Thrashing(cores, random.Next(cores, 50), Log(0.005, 0.2), Log(0.05, 0.5)),
            _ => HeavyTailed(cores, Log(0.005, 0.08), Log(0.3, 1.4)),
        };
        return work;
    }

    public static double Vary(double mean, double share, Random random) => mean * (1 + (share * ((2 * random.NextDouble()) - 1)));

    // Box and Muller's transform.
    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
