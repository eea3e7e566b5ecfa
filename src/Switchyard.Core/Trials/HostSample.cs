using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;

namespace Switchyard.Core.Trials;

/// <summary>Measures other machines, all at the same time: the way there, and how long some of the items take there.</summary>
internal sealed class HostSample(BenchmarkSession session, Findings findings)
{
    private const int MostItems = 2_000;

    // As one that is off the network does not answer at all.
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _inputTimeout = TimeSpan.FromMilliseconds(200);

    // A new process compiles its code meanwhile.
    private static readonly TimeSpan _usualTime = TimeSpan.FromSeconds(1.2);

    private readonly List<HostFigures> _hosts = [];
    private readonly List<HostFailure> _failures = [];

    /// <summary>Measures them.</summary>
    /// <returns>The findings, with those.</returns>
    public Findings Run()
    {
        session.Reserved = 0;
        IReadOnlyList<HostTrial> hosts = session.Options.Hosts;
        bool sendsFiles = session.Options.ReadsFiles(findings);
        double seconds = findings.ItemSeconds.Mean + findings.HandOverSeconds;
        TimeSpan left = session.Left;
        TimeSpan time = TimeSpan.FromSeconds(Math.Min(left.TotalSeconds, Math.Max(_usualTime.TotalSeconds, 3 * seconds)));

        // Several for each, as they come in groups; and none that would have to be stopped.
        int most = time.TotalSeconds < 1.5 * seconds ? 0 : (int)Math.Min(MostItems, (2 * time.TotalSeconds / seconds) + 1);
        IReadOnlyList<object?>[] shares = session.Share(most, hosts.Count, _inputTimeout);
        Thread[] threads = [.. hosts.Select((host, i) => new Thread(() => Measure(host, shares[i], sendsFiles, time)) { IsBackground = true, Name = "Switchyard host" })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return findings with { Hosts = [.. _hosts], FailedHosts = [.. _failures] };
    }

    private void Measure(HostTrial host, IReadOnlyList<object?> items, bool sendsFiles, TimeSpan time)
    {
        try
        {
            if (LinkSample.Measure(host, _answerTimeout, session.Cancellation) is not { } figures)
            {
                Note(new HostFailure(host.Name, MessageText.FormatFigures(Messages.HostDoesNotAnswer, host.Name, _answerTimeout.TotalSeconds)));
                return;
            }

            if (host.Work is { } work && items.Count > 0 && !session.IsCanceled)
            {
                figures = WithItems(figures, host, work(sendsFiles), sendsFiles ? [.. items.Select(host.AddFile)] : items, time);
            }

            lock (_hosts)
            {
                _hosts.Add(figures);
            }
        }
        catch (Exception exception)
        {
            // Whatever is wrong there: the other machines, and this one, are measured all the same.
            Note(new HostFailure(host.Name, exception.Message));
        }
    }

    private HostFigures WithItems(HostFigures figures, HostTrial host, IWorkerFactory workers, IReadOnlyList<object?> items, TimeSpan time)
    {
        ItemSupply supply = new(items.Count);
        foreach (object? item in items)
        {
            supply.Add(item);
        }

        supply.End();
        BenchmarkLimits limits = new()
        {
            MaxItems = items.Count,
            StartTime = time,
            Deadline = time + time,
            Ahead = (int)Math.Min(MostItems, findings.SequentialRate * 0.05),
        };
        BenchmarkOutcome outcome = session.Run(workers, supply, 1, isProbed: false, limits);
        SampledItem[] succeeded = [.. outcome.Log.Items.Where(item => item.Status == ItemStatus.Succeeded)];
        return figures with
        {
            ItemSeconds = succeeded.Length > 0 ? SampleStatistics.Of([.. succeeded.Select(item => item.Duration.TotalSeconds)]) : null,
            ItemCount = outcome.Log.Count,
            FailedCount = outcome.Failures.Count,
        };
    }

    private void Note(HostFailure failure)
    {
        lock (_hosts)
        {
            _failures.Add(failure);
        }
    }
}
