using Switchyard.Core.Analysis;
using Switchyard.Core.Policies;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Choices;

/// <summary>
/// Decides while a run goes on whether its items run on threads or in processes. Threads are the rule. Processes have heaps and locks of their own: they pay where
/// items compute and threads were measured to hold each other up, if enough items are left to make up for the start.
/// </summary>
/// <param name="processStart">What it takes until processes are ready that are not yet there.</param>
/// <param name="most">The most workers that there may be.</param>
/// <param name="threadRate">What threads did the last time, by <see cref="BestRate"/>, where processes are tried from the first item on; 0 where they are not.</param>
/// <param name="tell">Told each decision, in a sentence.</param>
/// <param name="counters">Reads the process's counters; null for this one's.</param>
internal sealed class WayChooser(ChoosingWorkerFactory workers, TimeSpan processStart, int cores, int most, Action<string> tell, double threadRate = 0, Func<WarmState>? counters = null)
    : IThrottleObserver
{
    // Of an item's time: with more of it computing, the cores are what it needs.
    private const double Computing = 1.0 / 3;

    private const double OneCore = 0.8;

    // Of what as many cores would do alone, as they share memory and caches.
    private const double CoreShare = 0.9;

    // What processes must do better by, as sending costs something and the figures are not exact.
    private const double LeastGain = 1.2;

    // What they must have done better by once they were tried.
    private const double LeastProven = 1.03;

    // Of the whole time that is left: with less to win, nothing is moved.
    private const double LeastSaved = 0.1;

    // So many are of code that is compiled.
    private const int ProcessMeasurements = 4;
    private const double OtherWork = 2;
    private const int Wide = 64;

    // Up to this factor from one measurement to the next the code of the items is compiled, and the figures are those of the machine.
    private const double Warm = 1.1;

    // Of the time that a process takes to start.
    private const double MostCompiling = 3;

    // No code that is still to be compiled explains so many collections.
    private const double MostlyCollected = 1.0 / 3;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly int _width = Math.Min(cores, most);
    private readonly List<WayPoint> _points = [];
    private readonly List<string> _decisions = [];
    private readonly Func<WarmState> _read = counters ?? WarmState.Now;
    private readonly TimeSpan _compiledBefore = (counters ?? WarmState.Now)().Compiled;
    private WarmState _before = (counters ?? WarmState.Now)();
    private bool _hasToldWhy;
    private bool _hasFailed;
    private bool _isWarm;
    private double _leftRate = threadRate;

    // Where it begins with processes nothing else tells.
    private double _compiling = MostCompiling * processStart.TotalSeconds;
    private long _tryStart;
    private int _settledMoves;
    private int _measured;

    /// <summary>What was measured, the last of each width. After the run.</summary>
    public IReadOnlyList<WayPoint> Points => _points;

    /// <summary>What was decided, in sentences. After the run.</summary>
    public IReadOnlyList<string> Decisions => _decisions;

    /// <summary>How long the run has gone on.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>What was measured last.</summary>
    public WayPoint? Last { get; private set; }

    /// <summary>Until when no two items ran at a time: <see cref="Stopwatch"/> ticks.</summary>
    public long AloneUntil { get; private set; } = long.MaxValue;

    /// <summary>What processes are expected to do, in items a second, where threads hold each other up and were not left; 0 otherwise.</summary>
    public double Promised { get; private set; }

    /// <summary>How many items may run at a time now; 0 before that is known.</summary>
    public int Limit { get; private set; }

    public void NoteLimit(int limit)
    {
        Limit = limit;
        if (limit > 1 && AloneUntil == long.MaxValue)
        {
            AloneUntil = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The most that one way was measured to do, in items a second; 0 if it was not. It is what it would have been without other programs on the machine.</summary>
    public double BestRate(Recommendation way) => _points.Where(point => point.Way == way).Select(UndisturbedRate).DefaultIfEmpty().Max();

    public int? Judge(in ThrottleMeasurement measurement, double left)
    {
        WayPoint point = Note(measurement);
        if (workers.IsMoving)
        {
            return null;
        }

        if (workers.MoveCount is var moves && moves != _settledMoves)
        {
            // What was measured were those that left, too. An item or its output may have moved them, and not this.
            _settledMoves = moves;
            _tryStart = _before.Timestamp;
            return workers.Way == Recommendation.Processes ? _width : measurement.Limit;
        }

        if (measurement.IsStarved || measurement.Latency <= 0)
        {
            return null;
        }

        Keep(point);
        return workers.Way == Recommendation.Processes ? JudgeProcesses(point) : JudgeThreads(left);
    }

    /// <summary>Takes note of a decision, and tells it.</summary>
    public void Decide(string message, params object?[] figures)
    {
        string decision = Text(message, figures);
        _decisions.Add(decision);
        tell(decision);
    }

    private WayPoint Note(in ThrottleMeasurement measurement)
    {
        WarmState now = _read();
        TimeSpan time = Stopwatch.GetElapsedTime(_before.Timestamp, now.Timestamp);
        double items = Math.Max(1, measurement.Throughput * time.TotalSeconds);
        WayPoint point = new(workers.Way, measurement, Math.Min(1, (now.Pauses - _before.Pauses) / time), (now.Contentions - _before.Contentions) / items);
        _before = now;
        return Last = point;
    }

    private void Keep(WayPoint point)
    {
        WayPoint? last = _points.Find(old => old.Way == point.Way && old.Measurement.Limit == point.Measurement.Limit);
        _isWarm = last is not null && point.Rate <= Warm * last.Rate;

        // What another kind of items did says nothing of these.
        _points.RemoveAll(old => (old.Way == point.Way && old.Measurement.Limit == point.Measurement.Limit) || IsOtherWork(old, point));
        _points.Add(point);
    }

    private static bool IsOtherWork(WayPoint old, WayPoint point) =>
        old.Way == point.Way && old.Measurement.Cpu > 0 && point.Measurement.HasOtherCpu(old.Measurement, OtherWork);

    // Items that take turns at a lock wait, and compute as much as a core can.
    private static bool Computes(WayPoint point) =>
        point.Measurement.CpuShare > Computing || (point.IsLocked && point.Measurement.CpuShare * point.Measurement.Limit > OneCore);

    private int? JudgeThreads(double left)
    {
        WayPoint[] points = [.. _points.Where(point => point.Way == Recommendation.Threads)];
        WayPoint? together = points.Where(point => point.Measurement.Limit >= _width).MinBy(point => point.Measurement.Limit);
        WayPoint alone = points.MinBy(point => point.Measurement.Limit)!;
        if (!Computes(alone))
        {
            Promised = 0;
            return null;
        }

        if (_width < 2 || _hasFailed || together is null || !(_isWarm || together.CollectedShare > MostlyCollected))
        {
            return null;
        }

        double rate = points.Max(point => point.Rate);
        double cpu = points.Min(point => point.Measurement.Cpu);
        double possible = _width * CoreShare * together.CoresHad / Math.Max(cpu, alone == together ? 0 : alone.Measurement.Latency - alone.Measurement.RunQueue);

        // Without either it is the cores or the memory that are in short supply, and processes have to share those as well.
        string? limit = together.IsCollected ? Text(Messages.ChoiceLimitCollections, together.CollectedShare * 100)
            : together.IsLocked ? Text(Messages.ChoiceLimitLocks, together.Contentions)
            : null;
        Promised = limit is not null && workers.MayMove ? possible : 0;
        if (limit is null || possible < LeastGain * rate)
        {
            return null;
        }

        // A new process compiles the same once more. What this one had compiled before the run is unknown, and what collections stop counts as compiling.
        double once = processStart.TotalSeconds;
        _compiling = Math.Clamp((_before.Compiled - _compiledBefore).TotalSeconds, once, MostCompiling * once);
        double start = workers.ReadyProcesses >= _width ? 0 : once + _compiling;
        double now = left / rate;
        double saved = now - (left / possible) - start;
        if (saved < LeastSaved * now)
        {
            return null;
        }

        if (!workers.MayMove)
        {
            if (!_hasToldWhy && workers.WhyThreads is not null)
            {
                _hasToldWhy = true;
                Decide(Messages.ChoiceStays, Evidence.Rate(rate), limit, Evidence.Rate(possible), workers.WhyThreads);
            }

            return null;
        }

        Decide(Messages.ChoiceProcesses, together.Measurement.Limit, Evidence.Rate(rate), limit, _width, Evidence.Rate(possible), Evidence.Number(Math.Ceiling(left)), Evidence.Time(start));
        _leftRate = rate;
        return MoveTo(Recommendation.Processes, _width);
    }

    private int? JudgeProcesses(WayPoint point)
    {
        ThrottleMeasurement measured = point.Measurement;
        if (measured.Cpu > 0 && measured.CpuShare < Computing)
        {
            int width = (int)Math.Clamp(cores / measured.CpuShare, _width, Math.Min(Wide, most));
            Decide(Messages.ChoiceWaits, measured.CpuShare * 100, width);
            return MoveTo(Recommendation.Threads, width);
        }

        // Other programs may have had another share of the cores the last time, but hardly a moment ago.
        double rate = _points.Exists(other => other.Way == Recommendation.Threads)
            ? _points.Where(other => other.Way == Recommendation.Processes).Max(other => other.Rate)
            : BestRate(Recommendation.Processes);
        bool isCold = !_isWarm || ++_measured < ProcessMeasurements || Stopwatch.GetElapsedTime(_tryStart, _before.Timestamp).TotalSeconds < _compiling;
        if (isCold || rate >= LeastProven * _leftRate)
        {
            return null;
        }

        _hasFailed = true;
        Decide(Messages.ChoiceThreadsAgain, Evidence.Rate(rate), Evidence.Rate(_leftRate));
        return MoveTo(Recommendation.Threads, _points.Where(other => other.Way == Recommendation.Threads).MaxBy(other => other.Rate)?.Measurement.Limit ?? _width);
    }

    // Of more workers than cores, some wait for the others.
    private double UndisturbedRate(WayPoint point) => point.Measurement.Limit <= _width ? point.Rate / point.CoresHad : point.Rate;

    private int MoveTo(Recommendation way, int width)
    {
        _measured = 0;
        workers.MoveTo(way, width);
        return width;
    }

    private static string Text(string message, params object?[] figures) => MessageText.FormatFigures(message, figures);
}
