using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;

namespace Switchyard.Core.Trials;

/// <summary>
/// Measures work by running some of it: first one item after another, to see what their time goes into; then on several workers at once, as far as
/// that says something that the first did not.
/// </summary>
internal static class BottleneckMeter
{
    /// <summary>Runs some of the items one after another, and at several widths where that can tell more.</summary>
    /// <param name="supply">The items. It is closed at the end; what is in it then was not run.</param>
    /// <param name="knownThreads">The system's numbers of the threads that fill the supply: their work is not the items'.</param>
    /// <returns>What was found; null if not one item has succeeded.</returns>
    /// <exception cref="WorkerStartException">No worker can start.</exception>
    public static Findings? Measure(MeterOptions options, ItemSupply supply, string[] knownThreads, CancellationToken cancellation)
    {
        try
        {
            options.Doing("the cost of measuring");
            BenchmarkSession session = new(options, supply, cancellation);
            MeasuringCost cost = MeasuringCost.Measure(options.Empty, cancellation);
            double capacity = MachineCapacity.Measure();
            session.StartItems();
            options.Doing("items one after another");
            if (SequentialSample.Measure(session, cost, capacity, knownThreads) is not { } findings)
            {
                return null;
            }

            HostSample hosts = new(session, findings);
            ConcurrentSample concurrent = new(session, findings);
            if (!ExecutionAdvisor.IsTooSmall(findings) || options.Validates)
            {
                concurrent.Run();
            }

            findings = findings with { Trials = concurrent.Points, Failures = session.Failures, UsedCount = session.UsedCount };
            if (options.Hosts.Count > 0 && !session.IsCanceled)
            {
                options.Doing(string.Join(", ", options.Hosts.Select(host => host.Name)));
                findings = hosts.Run(findings);
            }

            return findings with
            {
                Trials = concurrent.Points,
                Items = session.Items,
                Failures = session.Failures,
                UsedCount = session.UsedCount,
                Took = Stopwatch.GetElapsedTime(session.Start),
                Origin = session.Start,
                BytesPerThread = concurrent.BytesPerThread,
                BytesPerProcess = concurrent.BytesPerProcess,
            };
        }
        finally
        {
            supply.Close();
        }
    }
}
