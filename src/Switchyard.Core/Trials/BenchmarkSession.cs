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

    public int ItemsLeft => options.SampleCount is { } most ? most - UsedCount : int.MaxValue;

    public TimeSpan Left =>
        options.MaxDuration - Stopwatch.GetElapsedTime(_itemsStart) is var left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

    public bool IsCanceled => cancellation.IsCancellationRequested;

    /// <summary>The time that items may take begins now: what was measured before ran none.</summary>
    public void StartItems() => _itemsStart = Stopwatch.GetTimestamp();

    /// <summary>Waits a little for items, and says whether so many are there.</summary>
    public bool HasItems(int count, TimeSpan timeout) => count <= ItemsLeft && supply.Await(count, timeout) >= count;

    public BenchmarkOutcome Run(IWorkerFactory workers, int width, bool isProbed, BenchmarkLimits limits)
    {
        using BenchmarkRun run = new(workers, width, isProbed);
        BenchmarkOutcome outcome = run.Run(supply, limits, options.Records, options.Results, cancellation);
        outcome.ThrowIfFailed();
        UsedCount += (int)(outcome.Outcome.Read - outcome.Outcome.Skipped);
        _failures.AddRange(outcome.Failures);
        _items.AddRange(outcome.Log.Items.Select(item => item with { Worker = item.Worker + _workerOffset }));
        _workerOffset += width;
        return outcome;
    }
}
