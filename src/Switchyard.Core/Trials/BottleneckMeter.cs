using System.Diagnostics;
using Switchyard.Core.Analysis;
using Switchyard.Core.Items;
using Switchyard.Core.Probes;

namespace Switchyard.Core.Trials;

/// <summary>
/// Measures work by running some of it: first one item after another, to see what their time goes into; then on several workers at once, as far as
/// that says something that the first did not.
/// </summary>
public sealed class BottleneckMeter
{
    private const int TinyItems = 2_000;

    // With no more than these, all are needed to know what one is like; of more, half are left for several at once.
    private const int FewItems = 10;
    private const double EnoughError = 0.05;
    private const double TolerableError = 0.2;

    // Of what the cores could do: with less, something limits threads that may not limit processes.
    private const double WellScaling = 0.85;

    // Four times as many threads are to do so many times as much, or no more are tried.
    private const double StillScaling = 1.6;

    // Of what was predicted: with less, it is tried once more.
    private const double Convincing = 0.85;

    // Each new session looks up and binds what it calls once more; so many do so for longer.
    private const int ManySessions = 16;
    private const int ItemsEach = 3;

    // In less, what goes on in a process anyway would be taken for help.
    private static readonly TimeSpan _leastWall = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _minSample = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _usualSample = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan _threadTrial = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan _wideTrial = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _processTrial = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _inputPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _eventPatience = TimeSpan.FromMilliseconds(150);

    private readonly MeterOptions _options;
    private readonly ItemSupply _supply;
    private readonly CancellationToken _cancellation;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly int _cores = Environment.ProcessorCount;
    private readonly List<BenchmarkPoint> _trials = [];
    private readonly List<SampledItem> _items = [];
    private readonly List<ItemResult> _failures = [];
    private int _used;
    private long _itemsStart = Stopwatch.GetTimestamp();
    private int _workerOffset;
    private long? _bytesPerThread;
    private long? _bytesPerProcess;

    private BottleneckMeter(MeterOptions options, ItemSupply supply, CancellationToken cancellation)
    {
        _options = options;
        _supply = supply;
        _cancellation = cancellation;
    }

    private int ItemsLeft => _options.SampleCount is { } most ? most - _used : int.MaxValue;

    private TimeSpan Left => _options.MaxDuration - Stopwatch.GetElapsedTime(_itemsStart) is var left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

    /// <summary>Measures.</summary>
    /// <param name="options">What, and how far.</param>
    /// <param name="supply">The items. It is closed at the end; what is in it then was not run.</param>
    /// <param name="knownThreads">The system's numbers of threads whose work is not the items': those that feed the supply.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was found; null if not one item has succeeded.</returns>
    /// <exception cref="WorkerStartException">No worker can start.</exception>
    public static Findings? Measure(MeterOptions options, ItemSupply supply, string[] knownThreads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(knownThreads);
        try
        {
            return new BottleneckMeter(options, supply, cancellation).Run(knownThreads);
        }
        finally
        {
            supply.Close();
        }
    }

    private Findings? Run(string[] knownThreads)
    {
        _options.Doing("the cost of measuring");
        MeasuringCost cost = MeasuringCost.Measure(_options.Empty, _cancellation);
        double capacity = MachineCapacity.Measure();

        // What was measured so far runs nothing of anybody's.
        _itemsStart = Stopwatch.GetTimestamp();
        _options.Doing("items one after another");
        HelperThreads helpers = HelperThreads.Begin([.. knownThreads, HelperThreads.CurrentId]);
        BenchmarkOutcome sample = RunBenchmark(_options.Threads, 1, isProbed: true, SampleLimits());
        TimeSpan helperCpu = helpers.Read();
        SampledItem[] timed = [.. sample.Log.Items.Where(item => item.Status == ItemStatus.Succeeded)];
        if (timed.Length == 0 || _cancellation.IsCancellationRequested)
        {
            return null;
        }

        SampleStatistics seconds = SampleStatistics.Of([.. timed.Select(item => Math.Max(1e-9, item.Duration.TotalSeconds - cost.ItemSeconds))]);
        Findings findings = CreateFindings(sample, timed, seconds, helperCpu, cost, capacity);
        if (!ExecutionAdvisor.IsTooSmall(findings) || _options.Validates)
        {
            TryWidths(findings);
        }

        return findings with
        {
            Trials = _trials,
            Items = _items,
            Failures = _failures,
            UsedCount = _used,
            Took = Stopwatch.GetElapsedTime(_start),
            Origin = _start,
            BytesPerThread = _bytesPerThread,
            BytesPerProcess = _bytesPerProcess,
        };
    }

    // ---- One after another

    private BenchmarkLimits SampleLimits()
    {
        long lastLook = 0;
        return new BenchmarkLimits
        {
            MaxItems = _options.SampleCount is { } most ? most <= FewItems ? most : most / 2 : TinyItems,
            FeedTime = _options.SampleCount is null ? Left / 2 : Left,
            Deadline = Left,
            IsEnough = log =>
            {
                long now = Stopwatch.GetTimestamp();
                TimeSpan time = Stopwatch.GetElapsedTime(log.Start, now);
                if (_options.SampleCount is not null || time < _minSample || Stopwatch.GetElapsedTime(lastLook, now).TotalMilliseconds < 10)
                {
                    return false;
                }

                // More while the figures are uncertain and there is time.
                lastLook = now;
                SampleStatistics seen = SampleStatistics.Of([.. log.Items.Select(item => item.Duration.TotalSeconds)]);
                return seen.Count >= 3 && seen.RelativeError < (time < _usualSample ? EnoughError : TolerableError);
            },
        };
    }

    private Findings CreateFindings(
        BenchmarkOutcome sample, SampledItem[] timed, SampleStatistics seconds, TimeSpan helperCpu, MeasuringCost cost, double capacity)
    {
        long from = timed[Math.Min(seconds.WarmUpCount, timed.Length - 1)].Start;
        SampledItem[] counted = [.. sample.Log.Items.Where(item => item.Start >= from)];
        List<SampleInterval> intervals = [.. sample.Log.Intervals.Where(interval => interval.Start >= from)];
        if (intervals.Count == 0)
        {
            // All in one, with its warm-up: better than nothing.
            intervals = [.. sample.Log.Intervals];
            counted = [.. sample.Log.Items];
        }

        // The items of the intervals that count, and no others.
        long since = intervals.Count > 0 ? intervals.Min(interval => interval.Start) : from;
        counted = [.. counted.Where(item => item.End >= since)];
        WorkReading used = intervals.Aggregate(default(WorkReading), (sum, interval) => sum.Plus(interval.Used));
        TimeSpan wall = TimeSpan.FromTicks(counted.Sum(item => item.Duration.Ticks));
        double share = sample.Log.Items.Sum(item => item.Duration.Ticks) is var all and > 0 ? (double)wall.Ticks / all : 1;
        TimeSpan childCpu = counted.Any(item => item.CpuTime is not null)
            ? TimeSpan.FromTicks(counted.Sum(item => item.CpuTime?.Ticks ?? 0))
            : used.ChildCpu;
        int count = counted.Length;
        WorkTimes times = new()
        {
            Wall = Less(wall, cost.ItemSeconds * count),

            // Between tiny items the thread takes the next, which is in a interval, and in no item.
            Cpu = Less(_options.IsExecutable ? TimeSpan.Zero : used.ThreadCpu < wall ? used.ThreadCpu : wall, cost.ItemSeconds * count),
            HelperCpu = helperCpu * share is var helped && helped > wall / 10 && wall > _leastWall ? helped : TimeSpan.Zero,
            RunQueue = used.RunQueue,
            GarbageCollection = used.GarbageCollection,
            ChildCpu = childCpu,
            Disk = wall * sample.DiskShare,
        };
        return new Findings
        {
            Cores = _cores,
            Capacity = capacity,
            HandOverSeconds = cost.HandOverSeconds,
            EmptySeconds = cost.ItemSeconds,
            IsExecutable = _options.IsExecutable,
            UsedCount = _used,
            ItemSeconds = seconds,
            Times = times,
            TimedCount = count,
            AllocatedBytes = (double)used.AllocatedBytes / count,
            ReadBytes = (double)used.ReadBytes / count,
            WrittenBytes = (double)used.WrittenBytes / count,
            LostCores = (double)used.InvoluntarySwitches / count,
        };

        static TimeSpan Less(TimeSpan time, double seconds) => TimeSpan.FromTicks(Math.Max(1, (time - TimeSpan.FromSeconds(seconds)).Ticks));
    }

    // ---- Several at once

    private void TryWidths(Findings findings)
    {
        TryThreads(findings);
        if (_options.Processes is not { } processes || _cancellation.IsCancellationRequested)
        {
            return;
        }

        int[] widths = _options.Validates
            ? [.. new[] { 1, 2, _cores, _cores * 2 }.Where(width => width <= _options.MaxWidth).Distinct().Order()]
            : MayPayOnProcesses(findings) ? [Math.Min(_cores, _options.MaxWidth)] : [];
        double rate = Math.Min(findings.SequentialRate, 1e6);
        foreach (int width in widths)
        {
            if (TryWidth(Recommendation.Processes, processes, width, findings, ahead: (int)Math.Min(2_000, rate * 0.05)) is { } point)
            {
                _trials.Add(point);
            }
        }
    }

    private void TryThreads(Findings findings)
    {
        double best = findings.SequentialRate;
        foreach (int width in ExecutionAdvisor.WidthsToTry(findings, _options.MaxWidth, _options.Validates))
        {
            if (!FitsIn(width, best))
            {
                return;
            }

            BenchmarkPoint? point = TryWidth(Recommendation.Threads, _options.Threads, width, findings, ahead: 0);
            if (FitsIn(width, best) && point?.Throughput < Convincing * ExecutionAdvisor.Predict(findings, width))
            {
                // Less than it should be: because threads limit each other, or because their code and the heap are not warm yet? They are now.
                BenchmarkPoint? again = TryWidth(Recommendation.Threads, _options.Threads, width, findings, ahead: 0);
                point = again?.Throughput > point.Throughput ? again : point;
            }

            if (point is not null)
            {
                _trials.Add(point);
            }

            // What scales so far is taken to scale further: more sessions take longer to open than all of this is to take.
            if (!_options.Validates && (point?.Throughput is null || point.Throughput < best * StillScaling || ExecutionAdvisor.IsConvincing(findings, point)))
            {
                return;
            }

            best = Math.Max(best, point?.Throughput ?? 0);
        }
    }

    /// <summary>Whether a trial of so many workers, which need some items each, is over before those who wait lose their timeout.</summary>
    private bool FitsIn(int width, double rate) =>
        _options.Validates || Stopwatch.GetElapsedTime(_start).TotalSeconds + (width * ItemsEach / rate) < _patience.TotalSeconds;

    /// <summary>Whether threads were measured to do less than the cores could.</summary>
    private bool MayPayOnProcesses(Findings findings)
    {
        double best = _trials.Where(trial => trial.Way == Recommendation.Threads).Max(trial => trial.Throughput) ?? 0;
        TimeSpan cpu = findings.Times.AllCpu;
        bool computes = cpu > findings.Times.Wall / 3;
        bool isLocked = BottleneckClassifier.LockedTrial(findings with { Trials = _trials }) is not null;
        bool isCollected = _trials.Any(trial => trial.GarbageCollectionShare > ExecutionAdvisor.CollectedShare);
        double possible = findings.Capacity / Math.Max(1e-9, cpu.TotalSeconds / findings.TimedCount);
        return _cores > 1 && (isLocked || (computes && (isCollected || best < possible * WellScaling)));
    }

    private BenchmarkPoint? TryWidth(Recommendation way, Func<IWorkerFactory> workers, int width, Findings findings, int ahead)
    {
        bool isProcess = way == Recommendation.Processes;
        double seconds = findings.ItemSeconds.Mean;

        // Each worker needs some items one after another; a process some more, which its compiler has to see.
        int least = width * ItemsEach;
        TimeSpan feed = isProcess ? _processTrial : width > ManySessions ? _wideTrial : _threadTrial;
        feed = TimeSpan.FromSeconds(Math.Max(feed.TotalSeconds, seconds * (isProcess ? 4 : 3)));
        if (feed > Left / 2 || least > ItemsLeft || _supply.Await(least, _inputPatience) < least)
        {
            return null;
        }

        _options.Doing($"{width} {(isProcess ? "processes" : "threads")}");
        long memory = Environment.WorkingSet;
        using ContentionListener listener = new();
        BenchmarkLimits limits = new() { MaxItems = ItemsLeft, FeedTime = feed, Deadline = Left, Ahead = ahead };
        IWorkerFactory? factory = null;
        BenchmarkOutcome outcome = RunBenchmark(() => factory = workers(), width, isProbed: false, limits);
        WarmState end = WarmState.Now();
        IReadOnlyList<SampledItem> items = outcome.Log.Items;
        WarmState? warm = outcome.Log.Warm;
        TimeSpan busy = TimeSpan.FromTicks(items.Where(item => item.Start >= warm?.Timestamp).Sum(item => item.Duration.Ticks));
        if (!isProcess && end.Contentions - warm?.Contentions > items.Count / 10)
        {
            listener.AwaitTold(_eventPatience);
        }

        if (!isProcess && width > 1)
        {
            _bytesPerThread = Math.Max(_bytesPerThread ?? 0, Math.Max(0, Environment.WorkingSet - memory) / width);
        }
        else if (isProcess)
        {
            _bytesPerProcess = BytesOf(factory!.ProcessIds);
        }

        (double Rate, double Overhead)? remote = isProcess ? outcome.EndRate() : null;
        return new BenchmarkPoint(
            way,
            width,
            isProcess ? remote?.Rate : outcome.Throughput(),
            outcome.StartUp(TimeSpan.FromSeconds(seconds)),
            items.Count,
            outcome.Failures.Count,
            remote?.Overhead ?? 0,
            isProcess || warm is null || busy == TimeSpan.Zero ? 0 : Math.Min(1, listener.WaitedSince(warm.Time) / busy),
            isProcess || warm is null ? 0 : Math.Min(1, (end.Pauses - warm.Pauses) / Stopwatch.GetElapsedTime(warm.Timestamp, end.Timestamp)));
    }

    private BenchmarkOutcome RunBenchmark(Func<IWorkerFactory> workers, int width, bool isProbed, BenchmarkLimits limits)
    {
        using BenchmarkRun trial = new(workers(), width, isProbed);
        BenchmarkOutcome outcome = trial.Run(_supply, limits, _options.Records, _options.Results, _cancellation);
        outcome.ThrowIfFailed();
        _used += (int)(outcome.Outcome.Read - outcome.Outcome.Skipped);
        _failures.AddRange(outcome.Failures);
        _items.AddRange(outcome.Log.Items.Select(item => item with { Worker = item.Worker + _workerOffset }));
        _workerOffset += width;
        return outcome;
    }

    private static long? BytesOf(IReadOnlyCollection<int> processes)
    {
        List<long> bytes = [];
        foreach (int id in processes)
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                bytes.Add(process.WorkingSet64);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It has ended since, or is on another machine.
                Debug.WriteLine(exception);
            }
        }

        return bytes.Count > 0 ? (long)bytes.Average() : null;
    }
}
