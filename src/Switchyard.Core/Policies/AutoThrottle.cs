namespace Switchyard.Core.Policies;

/// <summary>
/// Finds out during a run how many items should run at a time: told when items start and end, it measures the throughput of each limit
/// that it tries and keeps what pays. Begins at the number of cores. Thread-safe.
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

    // From this limit on, no completions may well mean that the limit is too high.
    private const double CautiousFrom = 16;

    private readonly object _lock = new();
    private readonly int _cores;
    private readonly double _frequency;
    private readonly ThrottleCohort _cohort;
    private readonly int _ceiling;
    private ThrottleSearch _search;
    private long _quietSince;
    private volatile int _limit;

    /// <param name="cores">How many cores the process may use, at least 1.</param>
    /// <param name="ceiling">The highest limit, at least 1.</param>
    /// <param name="frequency">Clock ticks in a second.</param>
    /// <param name="initial">The limit to begin at; null for the number of cores.</param>
    public AutoThrottle(int cores, int ceiling, long frequency, long now, int? initial = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ceiling, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        _cores = cores;
        _ceiling = ceiling;
        _frequency = frequency;
        _cohort = new ThrottleCohort(frequency);
        _search = new ThrottleSearch(cores, ceiling, initial);
        _limit = _search.Limit;
        _quietSince = now;
        _cohort.Begin(_limit, now, _search.LeastSeconds);
    }

    public int Limit => _limit;

    /// <summary>What the last <see cref="Tick"/> has measured; null if that was no measurement.</summary>
    public ThrottleMeasurement? Measured { get; private set; }

    /// <summary>Forgets all that was measured, as items run elsewhere from now on.</summary>
    public void Restart(int limit, long now)
    {
        lock (_lock)
        {
            _search = new ThrottleSearch(_cores, _ceiling, limit);
            _limit = _search.Limit;
            _quietSince = now;
            _cohort.Begin(_limit, now, _search.LeastSeconds);
        }
    }

    /// <summary>Notes that a worker starts an item, or a few short ones that it will run one after the other.</summary>
    public ThrottleToken Started(long now)
    {
        lock (_lock)
        {
            return _cohort.Started(now);
        }
    }

    /// <summary>Notes that a worker has ended what it started, however that ended.</summary>
    public void Finished(ThrottleToken token, long now, long cpuTicks, int items = 1)
    {
        lock (_lock)
        {
            _cohort.Finished(token, now, cpuTicks, items);
        }
    }

    /// <summary>Changes the limit if the measurements call for it. Meant to be called about every 50 ms.</summary>
    public ThrottleChange? Tick(long now, double processCpuShare)
    {
        lock (_lock)
        {
            ThrottleChange? change;
            Measured = null;
            if (_cohort.TryMeasure(now, out ThrottleMeasurement measurement))
            {
                Measured = measurement;
            }

            if (Measured is not null || _search.IsHopeless(measurement = _cohort.Preview(now)))
            {
                change = _search.Judge(measurement, now / _frequency, processCpuShare);
            }
            else
            {
                change = GrowIfQuiet(now, processCpuShare);
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
