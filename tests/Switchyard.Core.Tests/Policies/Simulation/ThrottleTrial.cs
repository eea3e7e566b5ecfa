namespace Switchyard.Core.Policies.Simulation;

/// <summary>What AutoThrottle reached on a kind of work, beside the best of all fixed limits.</summary>
/// <param name="Name">The kind of work.</param>
/// <param name="BestLimit">The lowest fixed limit that reaches 99 % of the best.</param>
/// <param name="Best">Its throughput, in items per second.</param>
/// <param name="Auto">AutoThrottle's throughput.</param>
/// <param name="FinalLimit">Its limit at the end.</param>
/// <param name="Changes">How often it changed the limit.</param>
internal sealed record ThrottleTrial(string Name, int BestLimit, double Best, double Auto, int FinalLimit, int Changes)
{
    public double Ratio => Auto / Best;

    public static ThrottleTrial Run(Workload workload, int seed = 1)
    {
        List<(int Limit, double Throughput)> fixedOnes = [];
        for (int limit = 1; limit <= workload.Ceiling; limit = Math.Max(limit + 1, (int)(limit * 1.4)))
        {
            fixedOnes.Add((limit, BatchSimulation.RunFixed(workload, limit, seed).Throughput));
        }

        fixedOnes.Add((workload.Ceiling, BatchSimulation.RunFixed(workload, workload.Ceiling, seed).Throughput));
        double best = fixedOnes.Max(one => one.Throughput);
        int bestLimit = fixedOnes.First(one => one.Throughput >= 0.99 * best).Limit;
        BatchSimulation auto = BatchSimulation.RunAuto(workload, seed);
        return new ThrottleTrial(workload.Name, bestLimit, best, auto.Throughput, auto.Limit, auto.Changes.Count);
    }

    public override string ToString() => FormattableString.Invariant(
        $"{Name,-44} best {Best,9:0.0}/s at {BestLimit,3}   auto {Auto,9:0.0}/s   {Ratio,6:0.00}   final {FinalLimit,3}   {Changes,3} changes");
}
