namespace Switchyard.Core.Policies.Simulation;

/// <summary>What AutoThrottle, begun at one, reached on a batch that takes five seconds at the best width, beside all fixed widths.</summary>
/// <param name="Name">The kind of work.</param>
/// <param name="BestLimit">The fixed limit that was done first.</param>
/// <param name="Best">How long it took, in seconds.</param>
/// <param name="Auto">How long AutoThrottle took.</param>
/// <param name="Settled">AutoThrottle's throughput from the third second on, over that of the best fixed limit for that time.</param>
/// <param name="Path">How the limit changed, with the times in seconds.</param>
internal sealed record BatchTrial(string Name, int BestLimit, double Best, double Auto, double Settled, string Path)
{
    private const double Seconds = 5;
    private static readonly int[] _limits = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64];

    /// <summary>What it costs not to know the best width, as a factor.</summary>
    public double Price => Auto / Best;

    public static BatchTrial Run(Workload workload, int? initial = 1, int seed = 1)
    {
        Workload endless = workload with { Ceiling = 64, Window = (0, Seconds), Count = long.MaxValue / 2 };
        if (workload.SecondHalf is { } second)
        {
            // As many of each kind as the best widths for each do in half of the time.
            long first = Most(endless with { SecondHalf = null });
            long other = Most(endless with { SecondHalf = null, Item = second });
            endless = endless with { Count = 2 * first * other / (first + other) / workload.Chunk };
        }

        Workload batch = endless with { Window = (0, 1000), Count = endless.Count < long.MaxValue / 2 ? endless.Count : Most(endless) / workload.Chunk / 2 * 2 };
        (int limit, double best) = _limits.Select(limit => (limit, BatchSimulation.RunFixed(batch, limit, seed).Elapsed)).MinBy(one => one.Elapsed);
        BatchSimulation auto = BatchSimulation.RunAuto(batch, seed, initial);
        double settled = 1;
        if (workload.SecondHalf is null)
        {
            Workload later = endless with { Window = (3, 13) };
            settled = BatchSimulation.RunAuto(later, seed, initial).Throughput / _limits.Max(one => BatchSimulation.RunFixed(later, one, seed).Throughput);
        }

        string path = string.Join(' ', auto.Changes.Select(one => FormattableString.Invariant($"{one.Change.NewLimit}@{one.Time:0.00}")));
        return new BatchTrial(workload.Name, limit, best, auto.Elapsed, settled, path);
    }

    public override string ToString() => FormattableString.Invariant(
        $"{Name,-44} best {Best,6:0.00} s at {BestLimit,2}   auto {Auto,6:0.00} s   price {Price,5:0.000}   settled {Settled,5:0.00}   {Path}");

    private static long Most(Workload endless) => (long)(Seconds * _limits.Max(limit => BatchSimulation.RunFixed(endless, limit, 1).Throughput));
}
