using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

/// <summary>Runs items on several workers at once, as far as that says something that running them one after another did not.</summary>
internal sealed class ConcurrentSample(BenchmarkSession session, Findings findings)
{
    // Of what the cores could do: with less, something limits threads that may not limit processes.
    private const double WellScaling = 0.85;

    // Four times as many threads are to do so many times as much, or no more are tried.
    private const double StillScaling = 1.6;

    // Of what was predicted: with less, it is tried once more.
    private const double Convincing = 0.85;

    // Each new session looks up and binds what it calls once more; so many do so for longer.
    private const int ManySessions = 16;
    private const int ItemsEach = 3;

    private static readonly TimeSpan _threadTime = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan _wideTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _processTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _mostTime = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan _inputTimeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _eventTimeout = TimeSpan.FromMilliseconds(150);

    private readonly MeterOptions _options = session.Options;
    private readonly int _cores = Environment.ProcessorCount;
    private readonly List<BenchmarkPoint> _points = [];

    public IReadOnlyList<BenchmarkPoint> Points => _points;

    public long? BytesPerThread { get; private set; }

    public long? BytesPerProcess { get; private set; }

    public void Run()
    {
        TryThreads();
        if (_options.Processes is not { } processes || session.IsCanceled)
        {
            return;
        }

        int[] widths = _options.Validates
            ? [.. new[] { 1, 2, _cores, _cores * 2 }.Where(width => width <= _options.MaxWidth).Distinct().Order()]
            : MayPayOnProcesses() ? [Math.Min(_cores, _options.MaxWidth)] : [];
        double rate = Math.Min(findings.SequentialRate, 1e6);
        foreach (int width in widths)
        {
            if (TryWidth(Recommendation.Processes, processes, width, ahead: (int)Math.Min(2_000, rate * 0.05)) is { } point)
            {
                _points.Add(point);
            }
        }
    }

    private void TryThreads()
    {
        double best = findings.SequentialRate;
        foreach (int width in ExecutionAdvisor.WidthsToTry(findings, _options.MaxWidth, _options.Validates))
        {
            if (!FitsIn(width, best))
            {
                return;
            }

            BenchmarkPoint? point = TryWidth(Recommendation.Threads, _options.Threads, width, ahead: 0);
            if (FitsIn(width, best) && point?.Throughput < Convincing * ExecutionAdvisor.Predict(findings, width))
            {
                // Less than it should be: because threads limit each other, or because their code and the heap are not warm yet? They are now.
                BenchmarkPoint? again = TryWidth(Recommendation.Threads, _options.Threads, width, ahead: 0);
                point = again?.Throughput > point.Throughput ? again : point;
            }

            if (point is not null)
            {
                _points.Add(point);
            }

            // What scales so far is taken to scale further: more sessions take longer to open than all of this is to take.
            if (!_options.Validates && (point?.Throughput is null || point.Throughput < best * StillScaling || ExecutionAdvisor.IsConvincing(findings, point)))
            {
                return;
            }

            best = Math.Max(best, point?.Throughput ?? 0);
        }
    }

    /// <summary>Whether a run of so many workers, which need some items each, is over in the time that a user waits.</summary>
    private bool FitsIn(int width, double rate) =>
        _options.Validates || Stopwatch.GetElapsedTime(session.Start).TotalSeconds + (width * ItemsEach / rate) < _mostTime.TotalSeconds;

    /// <summary>Whether threads were measured to do less than the cores could.</summary>
    private bool MayPayOnProcesses()
    {
        double best = _points.Where(point => point.Way == Recommendation.Threads).Max(point => point.Throughput) ?? 0;
        TimeSpan cpu = findings.Times.AllCpu;
        bool computes = cpu > findings.Times.Wall / 3;
        bool isLocked = BottleneckClassifier.LockedPoint(findings with { Trials = _points }) is not null;
        bool isCollected = _points.Any(point => point.GarbageCollectionShare > ExecutionAdvisor.CollectedShare);
        double possible = findings.Capacity / Math.Max(1e-9, cpu.TotalSeconds / findings.TimedCount);
        return _cores > 1 && (isLocked || (computes && (isCollected || best < possible * WellScaling)));
    }

    private BenchmarkPoint? TryWidth(Recommendation way, Func<IWorkerFactory> workers, int width, int ahead)
    {
        bool isProcess = way == Recommendation.Processes;
        double seconds = findings.ItemSeconds.Mean;

        // Each worker needs some items one after another; a process some more, which its compiler has to see.
        int least = width * ItemsEach;
        TimeSpan time = isProcess ? _processTime : width > ManySessions ? _wideTime : _threadTime;
        time = TimeSpan.FromSeconds(Math.Max(time.TotalSeconds, seconds * (isProcess ? 4 : 3)));
        if (time > session.Left / 2 || !session.HasItems(least, _inputTimeout))
        {
            return null;
        }

        _options.Doing($"{width} {(isProcess ? "processes" : "threads")}");
        long memory = Environment.WorkingSet;
        using ContentionListener listener = new();
        BenchmarkLimits limits = new() { MaxItems = session.ItemsLeft, StartTime = time, Deadline = session.Left, Ahead = ahead };
        IWorkerFactory factory = workers();
        BenchmarkOutcome outcome = session.Run(factory, width, isProbed: false, limits);
        WarmState end = WarmState.Now();
        IReadOnlyList<SampledItem> items = outcome.Log.Items;
        WarmState? warm = outcome.Log.Warm;
        TimeSpan busy = TimeSpan.FromTicks(items.Where(item => item.Start >= warm?.Timestamp).Sum(item => item.Duration.Ticks));
        if (!isProcess && end.Contentions - warm?.Contentions > items.Count / 10)
        {
            listener.AwaitTold(_eventTimeout);
        }

        if (!isProcess && width > 1)
        {
            BytesPerThread = Math.Max(BytesPerThread ?? 0, Math.Max(0, Environment.WorkingSet - memory) / width);
        }
        else if (isProcess)
        {
            BytesPerProcess = BytesOf(factory.ProcessIds);
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
