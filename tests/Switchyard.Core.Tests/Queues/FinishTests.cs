namespace Switchyard.Core.Queues;

/// <summary>
/// When the last of some workers ends, against the least that is possible: all of the work shared out evenly, or the longest item. In a simulation with
/// the queue's own store, so that no clock has a part in it.
/// </summary>
public sealed class FinishTests
{
    private const int Waiting = 8192;

    /// <summary>Kinds of batches, and the greatest share above the bound that they may end at. In the input's order they end up to 4/3 or more above it.</summary>
    public static TheoryData<string, int, int, double> Kinds => new()
    {
        { "one that takes as long as all others of a worker, last", 4, 400, 1.01 },
        { "exponential", 8, 200, 1.01 },
        { "Pareto", 8, 200, 1.01 },
        { "log-normal", 16, 1000, 1.01 },
        { "two kinds", 6, 120, 1.05 },
        { "all the same", 7, 700, 1.01 },
        { "exponential", 8, 50_000, 1.01 },
        { "rising", 8, 20_000, 1.01 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_last_ends_when_it_must(string kind, int workers, int count, double most)
    {
        double[] lengths = LengthsOf(kind, workers, count);
        double bound = Math.Max(lengths.Sum() / workers, lengths.Max());
        double inOrder = Finish(lengths, workers, _ => double.NaN) / bound;
        double weighed = Finish(lengths, workers, index => lengths[index]) / bound;
        Assert.InRange(weighed, 1, most);
        Assert.True(weighed <= inOrder + 0.001, $"{weighed} weighed, {inOrder} in the input's order.");
    }

    // What sizes tell of times is true only roughly.
    [Fact]
    public void Weights_that_are_off_by_half_still_help()
    {
        Random random = new(7);
        double[] lengths = LengthsOf("Pareto", 8, 300);
        double[] guessed = [.. lengths.Select(length => length * (0.5 + random.NextDouble()))];
        double bound = Math.Max(lengths.Sum() / 8, lengths.Max());
        Assert.InRange(Finish(lengths, 8, index => guessed[index]) / bound, 1, 1.02);
    }

    private static double[] LengthsOf(string kind, int workers, int count)
    {
        Random random = new(count);
        return kind switch
        {
            "exponential" => [.. Lengths(() => -Math.Log(1 - random.NextDouble()))],
            "Pareto" => [.. Lengths(() => Math.Pow(1 - random.NextDouble(), -1 / 1.3))],
            "log-normal" => [.. Lengths(() => Math.Exp(1.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))],
            "two kinds" => [.. Lengths(() => random.Next(10) == 0 ? 20 : 1)],
            "rising" => [.. Enumerable.Range(1, count).Select(i => (double)i)],
            "all the same" => [.. Lengths(() => 1)],
            _ => [.. Enumerable.Repeat(1.0, count), (double)count / (workers - 1)],
        };

        IEnumerable<double> Lengths(Func<double> next) => Enumerable.Range(0, count).Select(_ => next());
    }

    private static double Finish(double[] lengths, int workers, Func<int, double> weight)
    {
        WaitingItems<int> waiting = new(16, Waiting);
        PriorityQueue<int, double> free = new();
        free.EnqueueRange(Enumerable.Range(0, workers), 0);
        int read = 0;
        double finish = 0;
        while (true)
        {
            for (; read < lengths.Length && waiting.Count < Waiting; read++)
            {
                waiting.Add(read, weight(read));
            }

            if (waiting.Count == 0)
            {
                return finish;
            }

            free.TryDequeue(out int worker, out double now);
            double end = now + lengths[waiting.Take()];
            finish = Math.Max(finish, end);
            free.Enqueue(worker, end);
        }
    }
}
