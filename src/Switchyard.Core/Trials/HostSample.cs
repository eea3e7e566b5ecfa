using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;

namespace Switchyard.Core.Trials;

/// <summary>Measures other machines, all at the same time: the way there, and how long some of the items take there.</summary>
internal sealed class HostSample
{
    private const int MostItems = 2_000;

    // As one that is off the network does not answer at all. Where this machine is busy, all that is started here is slow.
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _inputTimeout = TimeSpan.FromMilliseconds(200);

    // A new process compiles its code meanwhile.
    private static readonly TimeSpan _usualTime = TimeSpan.FromSeconds(1.2);

    // In less it compiles nothing but that, and its items say nothing of the machine.
    private static readonly TimeSpan _least = TimeSpan.FromSeconds(0.3);

    private readonly List<HostFigures> _hosts = [];
    private readonly List<HostFailure> _failures = [];

    private readonly BenchmarkSession _session;
    private readonly Findings _findings;
    private readonly bool _sendsFiles;
    private readonly TimeSpan _time;
    private readonly TimeSpan _timeout;
    private readonly IReadOnlyList<object?>[] _shares;

    /// <summary>Takes the items that are to run there, before others do.</summary>
    /// <param name="findings">What is known of them from one after another.</param>
    public HostSample(BenchmarkSession session, Findings findings)
    {
        _session = session;
        _findings = findings;
        _sendsFiles = session.Options.ReadsFiles(findings);
        double idle = 1 - TimeSplit.Of(findings.Times)[TimeKind.RunQueue];
        _timeout = TimeSpan.FromSeconds(Math.Min(_longestTimeout.TotalSeconds, _answerTimeout.TotalSeconds / Math.Max(0.01, idle)));
        double seconds = findings.ItemSeconds.Mean + findings.HandOverSeconds;
        _time = TimeSpan.FromSeconds(Math.Min(session.Left.TotalSeconds, Math.Max(_usualTime.TotalSeconds, 3 * seconds)));

        // None that would have to be stopped, or that can run only here.
        bool canRun = _time.TotalSeconds > 1.5 * seconds && session.Options.Hosts.Count > 0 && !session.Options.IsTied();
        int most = canRun ? (int)Math.Min(MostItems, (2 * _time.TotalSeconds / seconds) + 1) : 0;
        _shares = most > 0 ? session.Reserve(most, session.Options.Hosts.Count, _inputTimeout) : [];
    }

    /// <summary>Runs sampled items on the other machines.</summary>
    /// <returns>The findings, with those.</returns>
    public Findings Run(Findings findings)
    {
        Thread[] threads =
        [
            .. _session.Options.Hosts.Select((host, i) =>
                new Thread(() => Measure(host, _shares.ElementAtOrDefault(i) ?? [])) { IsBackground = true, Name = "Switchyard host" }),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return findings with { Hosts = [.. _hosts], FailedHosts = [.. _failures] };
    }

    private void Measure(HostTrial host, IReadOnlyList<object?> items)
    {
        try
        {
            if (LinkSample.Measure(host, _timeout, _session.Cancellation) is not { } figures)
            {
                Note(new HostFailure(host.Name, MessageText.FormatFigures(Messages.HostDoesNotAnswer, host.Name, Math.Round(_timeout.TotalSeconds))));
                return;
            }

            if (host.Work is { } work && items.Count > 0 && !_session.IsCanceled)
            {
                figures = WithItems(figures, work(_sendsFiles), _sendsFiles ? [.. items.Select(host.AddFile)] : items);
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

    private HostFigures WithItems(HostFigures figures, IWorkerFactory workers, IReadOnlyList<object?> items)
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
            StartTime = _time,
            Deadline = _time + _time,
            Ahead = (int)Math.Min(MostItems, _findings.SequentialRate * 0.05),
        };
        BenchmarkOutcome outcome = _session.Run(workers, supply, 1, isProbed: false, limits);
        SampledItem[] succeeded = [.. outcome.Log.Items.Where(item => item.Status == ItemStatus.Succeeded)];
        return figures with
        {
            ItemSeconds = succeeded.Sum(item => item.Duration.TotalSeconds) > _least.TotalSeconds
                ? SampleStatistics.Of([.. succeeded.Select(item => item.Duration.TotalSeconds)])
                : null,
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
