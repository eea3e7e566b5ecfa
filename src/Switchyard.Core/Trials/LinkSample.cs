using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;

namespace Switchyard.Core.Trials;

/// <summary>
/// Measures the way to a worker by items that do nothing: a number is answered by so many bytes, and bytes by nothing. What a link carries is seen by the
/// time from one end to the next, as an item begins when it has been sent.
/// </summary>
internal static class LinkSample
{
    private const int Pings = 12;

    // The first ones compile the code on both sides.
    private const int ColdPings = 4;

    private static readonly TimeSpan _enough = TimeSpan.FromSeconds(2);
    private static readonly int[] _sizes = [64 << 10, 256 << 10, 1 << 20, 4 << 20, 4 << 20];

    /// <summary>Measures the connection's round trip and its rate both ways.</summary>
    /// <param name="timeout">How long it may take, with the start of the worker.</param>
    /// <returns>What was found; null if the worker did not answer in that time.</returns>
    /// <exception cref="WorkerStartException">There is no worker to be had.</exception>
    public static HostFigures? Measure(HostTrial host, TimeSpan timeout, CancellationToken cancellation)
    {
        ItemSupply supply = new(Pings + (2 * _sizes.Length));
        for (int i = 0; i < Pings; i++)
        {
            supply.Add(0);
        }

        foreach (int size in _sizes)
        {
            // No way packs what has no pattern.
            byte[] bytes = new byte[size];
            Random.Shared.NextBytes(bytes);
            supply.Add(bytes);
            supply.Add(size);
        }

        supply.End();
        BenchmarkLimits limits = new()
        {
            MaxItems = int.MaxValue,
            StartTime = timeout,
            Deadline = timeout,
            IsEnough = log => log.Items is [var first, ..] && Stopwatch.GetElapsedTime(first.End) > _enough,
        };
        using BenchmarkRun run = new(host.Link(), 1, isProbed: false);
        BenchmarkOutcome outcome = run.Run(supply, limits, _ => { }, _ => { }, cancellation);
        outcome.ThrowIfFailed();
        if (outcome.Log.Opened is not [var opened, ..])
        {
            return null;
        }

        SampledItem[] items = [.. outcome.Log.Items.TakeWhile(item => item.Status == ItemStatus.Succeeded)];
        double[] trips = [.. items.Take(Pings).Skip(ColdPings).Select(item => item.Duration.TotalSeconds).Order()];
        return new HostFigures
        {
            Name = host.Name,
            IsHere = host.IsHere,
            Cores = host.Cores(),
            Workers = host.Workers ?? host.Cores(),
            StartUp = Stopwatch.GetElapsedTime(outcome.Log.Start, opened),
            RoundTripSeconds = trips.Length > 0 ? trips[trips.Length / 2] : null,
            SendRate = RateOf(items, 0),
            ReceiveRate = RateOf(items, 1),
        };
    }

    /// <summary>The best that two of the largest sizes did, less what an item takes that carries nothing.</summary>
    private static double? RateOf(SampledItem[] items, int direction)
    {
        double[] idle = [.. Enumerable.Range(ColdPings, Pings - ColdPings).Where(i => i < items.Length).Select(i => SecondsOf(items, i)).Order()];
        double? best = null;
        for (int i = _sizes.Length - 1; i >= 0; i--)
        {
            int index = Pings + (2 * i) + direction;
            if (index < items.Length)
            {
                // Where hardly any time is left, the clock is all that is measured.
                double seconds = SecondsOf(items, index);
                double rate = _sizes[i] / Math.Max(seconds - idle[idle.Length / 2], seconds / 2);
                if (best is { } first)
                {
                    return Math.Max(first, rate);
                }

                best = rate;
            }
        }

        return best;
    }

    private static double SecondsOf(SampledItem[] items, int index) => Stopwatch.GetElapsedTime(items[index - 1].End, items[index].End).TotalSeconds;
}
