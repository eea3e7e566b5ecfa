using Switchyard.Core.Analysis;

namespace Switchyard.Core.Trials;

/// <summary>The benchmark runs of one measurement: what they may still use, and what they have used and found together.</summary>
internal sealed class BenchmarkSession(MeterOptions options, ItemSupply supply, CancellationToken cancellation)
{
    private readonly List<SampledItem> _items = [];
    private readonly List<ItemResult> _failures = [];
    private long _itemsStart = Stopwatch.GetTimestamp();
    private int _workerOffset;

    public MeterOptions Options => options;

    public long Start { get; } = Stopwatch.GetTimestamp();

    public IReadOnlyList<SampledItem> Items => _items;

    public IReadOnlyList<ItemResult> Failures => _failures;

    public int UsedCount { get; private set; }

    public int ItemsLeft => options.SampleCount is { } most ? most - UsedCount - Reserved : int.MaxValue;

    /// <summary>How many items were taken out, to be run later.</summary>
    public int Reserved { get; set; }

    public TimeSpan Left =>
        options.MaxDuration - Stopwatch.GetElapsedTime(_itemsStart) is var left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

    public CancellationToken Cancellation => cancellation;

    public bool IsCanceled => cancellation.IsCancellationRequested;

    /// <summary>The time that items may take begins now: what was measured before ran none.</summary>
    public void StartItems() => _itemsStart = Stopwatch.GetTimestamp();

    /// <summary>Waits a little for items, and says whether so many are there.</summary>
    public bool HasItems(int count, TimeSpan timeout) => count <= ItemsLeft && supply.Await(count, timeout) >= count;

    /// <summary>Takes items out for several that run theirs at the same time: as many for each as for any other, and of all at most half.</summary>
    /// <param name="most">How many each may have.</param>
    public IReadOnlyList<object?>[] Reserve(int most, int count, TimeSpan timeout)
    {
        int all = Math.Min(supply.Await((int)Math.Min((long)most * count * 2, ItemsLeft), timeout), ItemsLeft);
        int each = Math.Min(most, all / 2 / count);
        IReadOnlyList<object?>[] shares = [.. Enumerable.Range(0, count).Select(_ => Take(each))];
        Reserved = shares.Sum(share => share.Count);
        return shares;

        IReadOnlyList<object?> Take(int number)
        {
            List<object?> items = [];
            while (items.Count < number && supply.TryTake(out object? item))
            {
                items.Add(item);
            }

            return items;
        }
    }

    public BenchmarkOutcome Run(IWorkerFactory workers, int width, bool isProbed, BenchmarkLimits limits) => Run(workers, supply, width, isProbed, limits);

    /// <summary>Runs items that were taken out. On any thread.</summary>
    public BenchmarkOutcome Run(IWorkerFactory workers, ItemSupply items, int width, bool isProbed, BenchmarkLimits limits)
    {
        using BenchmarkRun run = new(workers, width, isProbed);
        BenchmarkOutcome outcome = run.Run(items, limits, options.Records, options.Results, cancellation);
        outcome.ThrowIfFailed();
        lock (_items)
        {
            UsedCount += (int)(outcome.Outcome.Read - outcome.Outcome.Skipped);
            _failures.AddRange(outcome.Failures);
            _items.AddRange(outcome.Log.Items.Select(item => item with { Worker = item.Worker + _workerOffset }));
            _workerOffset += width;
        }

        return outcome;
    }
}
