namespace Switchyard.Core.Policies;

/// <summary>
/// Finds out during a run how many items should run at a time: told when items start and end, it measures the throughput of each limit
/// that it tries and keeps what pays. Thread-safe.
/// </summary>
/// <remarks>
/// The workers report; one thread asks by <see cref="Tick"/> and applies the answer. All times are ticks of one clock, such as
/// <see cref="System.Diagnostics.Stopwatch"/>'s.
/// </remarks>
internal sealed class AutoThrottle
{
    private const double QuietSeconds = 0.25;
    private const double BusyCpuShare = 0.7;

    // An item that uses more of a core than this computes, if slowly: something else has the cores.
    private const double WaitingCoreShare = 0.05;

    // Items that computed, and use less than this share of what they did, wait now: a busy machine would leave them more.
    private const double IdleShare = 0.25;

    // A process that has so much of the cores has no use for more workers: what is not its items' is what running them takes.
    private const double Saturated = 0.95;

    private const double BusyWithItems = 0.4;

    // For so long in a row, as a moment is chance.
    private const int BusyTicks = 4;

    // From this limit on, no completions may well mean that the limit is too high.
    private const double CautiousFrom = 16;

    // From then on there is no hurry.
    private const double StartSeconds = 1;

    private readonly object _lock = new();
    private readonly int _cores;
    private readonly double _frequency;
    private readonly ThrottleCohort _cohort;
    private readonly OpeningCost _opening;
    private ThrottleSearch _search;
    private readonly int _most;
    private int _ceiling;
    private readonly bool _startsAnew;
    private long _begin;

    // What items that compute were measured to use of the cores; 0 for others.
    private double _itemsCpuShare;
    private bool _wasIdle;
    private long _lastTick;
    private int _busyTicks;
    private ThrottleStart? _start;
    private long _quietSince;
    private volatile int _limit;

    /// <param name="cores">How many cores the process may use, at least 1.</param>
    /// <param name="ceiling">The highest limit, at least 1.</param>
    /// <param name="frequency">Clock ticks in a second.</param>
    /// <param name="initial">
    /// The limit to begin with; null for the number of cores. From 1 the first items tell where to go; any other is trusted first.
    /// </param>
    /// <param name="hint">Where the first items are expected to show to; null for where they do.</param>
    public AutoThrottle(int cores, int ceiling, long frequency, long now, int? initial = null, ThrottleHint? hint = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(initial ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ceiling, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        _cores = cores;
        _most = _ceiling = ceiling;
        _startsAnew = initial is not null || hint is not null;
        _frequency = frequency;
        _cohort = new ThrottleCohort(frequency);
        _opening = new OpeningCost(cores);
        _start = initial == 1 || hint is not null ? new ThrottleStart(cores, ceiling, frequency, now, 0, _opening, hint) : null;
        _search = new ThrottleSearch(cores, ceiling, _start?.Initial ?? initial, _opening);
        _limit = _search.Limit;
        _quietSince = _begin = _lastTick = now;
        _cohort.Begin(_limit, now, _search.LeastSeconds);
    }

    public int Limit => _limit;

    /// <summary>What the last <see cref="Tick"/> has measured; null if that was no measurement.</summary>
    public ThrottleMeasurement? Measured { get; private set; }

    /// <summary>Forgets all that was measured, as items run elsewhere from now on.</summary>
    /// <param name="ceiling">The highest limit there.</param>
    public void Restart(int limit, long now, int ceiling)
    {
        lock (_lock)
        {
            _ceiling = Math.Min(_most, ceiling);
            _search = new ThrottleSearch(_cores, _ceiling, limit, _opening);
            _start = null;
            _limit = _search.Limit;
            _quietSince = now;
            _cohort.Begin(_limit, now, _search.LeastSeconds);
        }
    }

    /// <summary>Whether decisions are due that should not wait: <see cref="Tick"/> is then meant to be called more often.</summary>
    public bool IsStarting(long now) => _start is not null && now - _begin < StartSeconds * _frequency;

    /// <summary>Notes that a worker starts an item, or a few short ones that it will run one after the other.</summary>
    public ThrottleToken Started(long now)
    {
        lock (_lock)
        {
            _start?.Started(now);
            return _cohort.Started(now);
        }
    }

    /// <summary>Notes that a worker has ended what it started, however that ended.</summary>
    /// <param name="queueTicks">How long it was ready to run while others had the cores.</param>
    /// <param name="pausedTicks">How long the collector had stopped it.</param>
    public void Finished(ThrottleToken token, long now, long cpuTicks, int items = 1, long queueTicks = 0, long pausedTicks = 0)
    {
        lock (_lock)
        {
            _start?.Finished(token, now, cpuTicks, items, queueTicks, pausedTicks);
            _cohort.Finished(token, now, cpuTicks, items, queueTicks, pausedTicks);
        }
    }

    /// <summary>Takes what workers have cost since the last time, and how many items are expected to be left. Called before <see cref="Tick"/>.</summary>
    /// <param name="processCpuShare">The share of the cores that the process has used since then.</param>
    /// <param name="warmCpuSeconds">Processor time since then of items that were no worker's first, in seconds.</param>
    /// <param name="warmDemand">The share of the cores that their threads have had or would have had.</param>
    /// <param name="opened">How many workers have begun their first item.</param>
    public void NoteWorkers(long now, double processCpuShare, double warmCpuSeconds, double warmDemand, int opened, bool isOpening, double left)
    {
        lock (_lock)
        {
            double seconds = _cores * (now - _lastTick) / _frequency;
            _opening.Note((processCpuShare * seconds) - warmCpuSeconds, opened, isOpening, left);
            _lastTick = now;

            // What only waits for a core while others are opened does not need that many.
            bool isBusy = isOpening && warmDemand >= Saturated && warmCpuSeconds >= BusyWithItems * seconds;
            _busyTicks = isBusy ? _busyTicks + 1 : 0;
        }
    }

    /// <summary>Changes the limit if the measurements call for it. Meant to be called about every 50 ms.</summary>
    /// <param name="processCpuShare">The share of the cores that the process has used since the last time.</param>
    /// <param name="itemCpuShare">The share of them that its items alone have used or waited for; null if unknown.</param>
    /// <param name="isOfMachine">Whether what other programs have used is in it.</param>
    public ThrottleChange? Tick(long now, double processCpuShare, double? itemCpuShare = null, bool isOfMachine = false)
    {
        lock (_lock)
        {
            Measured = null;
            ThrottleChange? change = _start is { } start ? Start(start, now, itemCpuShare ?? processCpuShare) : null;
            if (change is not null)
            {
                _quietSince = now;
            }
            else if (_start is { HasLeapt: false })
            {
                return null;
            }
            else if (_busyTicks >= BusyTicks && _opening.Opened >= _cores && _opening.Opened < _limit)
            {
                // What is still to be opened would only take the cores from those that are, and from what compiles them.
                _busyTicks = 0;
                _start = null;
                change = _search.StopAt(_opening.Opened);
            }
            else if (HaveCoresFallenIdle(itemCpuShare ?? processCpuShare))
            {
                // The items are no longer what they were.
                _start = new ThrottleStart(_cores, _ceiling, _frequency, now, _cohort.Running, _opening);
                _begin = now;
                _itemsCpuShare = 0;
                _search.Restart();
                return null;
            }
            else if (TryMeasure(now, out ThrottleMeasurement measurement) || _search.IsHopeless(measurement = _cohort.Preview(now)))
            {
                _start = null;
                _itemsCpuShare = measurement.CpuShare >= BusyCpuShare ? measurement.Throughput * measurement.Cpu / _cores : 0;
                change = _search.Judge(measurement, now / _frequency, processCpuShare, isSaturated: !isOfMachine && processCpuShare > Saturated);
            }
            else
            {
                change = GrowIfQuiet(now, itemCpuShare ?? processCpuShare);
                if (change is null)
                {
                    return null;
                }
            }

            _limit = _search.Limit;
            _cohort.Begin(_limit, now, _search.LeastSeconds);
            return change;
        }
    }

    private bool TryMeasure(long now, out ThrottleMeasurement measurement)
    {
        bool isMeasured = _cohort.TryMeasure(now, out measurement);
        Measured = isMeasured ? measurement : null;
        return isMeasured;
    }

    private ThrottleChange? Start(ThrottleStart start, long now, double cpuShare)
    {
        ThrottleChange? change = start.Tick(now, cpuShare, _limit);
        if (start.First is { } first)
        {
            _search.NoteFirst(first, cpuShare);
        }

        if (change is not null)
        {
            _search.Leap(change.NewLimit);
        }

        return change;
    }

    // Once is chance.
    private bool HaveCoresFallenIdle(double cpuShare)
    {
        bool isIdle = _startsAnew && cpuShare < IdleShare * _itemsCpuShare && _cohort.IsFull;
        bool wasIdle = _wasIdle;
        _wasIdle = isIdle;
        return isIdle && wasIdle;
    }

    // Where items take long, waiting for the first to end would waste the time that more of them could wait in.
    private ThrottleChange? GrowIfQuiet(long now, double cpuShare)
    {
        if (!_cohort.IsFull || cpuShare >= BusyCpuShare || cpuShare * _cores > WaitingCoreShare * _cohort.Running)
        {
            _quietSince = now;
            return null;
        }

        _quietSince = Math.Max(_quietSince, _cohort.LastEnd);
        double quiet = (now - _quietSince) / _frequency;
        double timeout = QuietSeconds * Math.Max(1, _limit / CautiousFrom);
        if (quiet < timeout + (3 * _search.LatencyFloor))
        {
            return null;
        }

        ThrottleChange? change = _search.GrowBlindly(quiet, cpuShare);
        _quietSince = now;
        return change;
    }
}
