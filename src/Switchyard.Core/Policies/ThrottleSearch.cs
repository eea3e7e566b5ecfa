namespace Switchyard.Core.Policies;

/// <summary>
/// Looks for the limit of the highest throughput, and among equals for the lowest: a compass search (Hooke and Jeeves, 1961) over
/// the logarithm of the limit. From a base it tries a factor up or down, moves there if that pays, else comes back and makes the
/// factor smaller. When no direction pays it rests, for longer each time, and starts anew when the work changes. Pure arithmetic.
/// </summary>
internal sealed class ThrottleSearch
{
    // What a rise must bring, as a share of what it would bring if nothing were in short supply.
    private const double LeastShareOfGrowth = 0.1;

    // What a fall must keep of the best seen: many small losses would add up.
    private const double FallOfPeak = 0.965;
    private const double PeakFading = 0.995;

    private const double ShortestRest = 1;
    private const double LongestRest = 4;

    // What trials may cost, as a share of the throughput: those that lost much are followed by a longer rest.
    private const double BenchmarkBudget = 0.02;
    private const double LongestCostlyRest = 20;

    // A trial that has brought less than this share of what the base brings is broken off.
    private const double Hopeless = 0.6;

    // How much of the last change of an unchanged limit's throughput goes into the estimate of the machine's noise.
    private const double DriftWeight = 0.3;
    private const double MostNoise = 0.1;

    // Up to which age in seconds a base may be compared with once more.
    private const double LongestBaseAge = 1;

    // Items that use so many times more or less of the CPU than others are not the same.
    private const double OtherWork = 3;

    // So short an item is over before another worker could have been woken: the limit does not matter.
    private const double TrivialSeconds = 20e-6;

    private readonly int _cores;
    private readonly int _ceiling;
    private readonly ThrottleBounds _bounds;
    private readonly ThrottleSteps _steps;
    private ThrottleMeasurement? _base;
    private ThrottleMeasurement? _overKnee;
    private double _baseTime;
    private bool _wasOdd;
    private bool _isTrusted;
    private bool _hasFirst;
    private bool _isSaturated;
    private int _candidate;
    private double _trialStart;
    private double _peak;
    private double _unrest;
    private double _rest;
    private double _restUntil;

    public ThrottleSearch(int cores, int ceiling, int? initial = null, OpeningCost? opening = null)
    {
        _cores = cores;
        _ceiling = ceiling;
        _bounds = new ThrottleBounds(cores, ceiling);
        _steps = new ThrottleSteps(cores, _bounds, opening ?? new OpeningCost(cores));
        Limit = Math.Min(initial ?? cores, ceiling);
        _rest = initial > 1 ? ShortestRest : 0;
        _isTrusted = initial > 1;
    }

    public int Limit { get; private set; }

    /// <summary>The lowest mean latency of an item lately, in seconds; 0 if unknown.</summary>
    public double LatencyFloor => _bounds.LatencyFloor;

    /// <summary>How long to measure at least, in seconds: short while searching, longer once settled.</summary>
    public double LeastSeconds => _rest > 0 ? 0.25 : 0.1;

    /// <summary>Raises the limit without a measurement, as nothing ends.</summary>
    /// <returns>Null if there is no room.</returns>
    public ThrottleChange? GrowBlindly(double quietSeconds, double cpuShare)
    {
        int old = Limit;
        int next = Math.Min(_ceiling, old * 2);
        _candidate = 0;
        _base = null;
        return next == old ? null : Change(next, ThrottleReasons.Blind(old, quietSeconds, cpuShare));
    }

    /// <summary>Takes what items were like while few ran.</summary>
    public void NoteFirst(in ThrottleMeasurement m, double cpuShare)
    {
        if (!_hasFirst)
        {
            _hasFirst = true;
            _bounds.Note(m, cpuShare);
        }
    }

    /// <summary>Forgets everything: what runs is other work.</summary>
    public void Restart()
    {
        (_base, _peak, _candidate, _rest, _restUntil, _hasFirst) = (null, 0, 0, 0, 0, false);
        _bounds.Forget(cpuToo: true);
        _steps.Reset(isOtherWork: true);
    }

    /// <summary>Goes where the first items show that the limit should be.</summary>
    public void Leap(int limit)
    {
        Limit = limit;
        _steps.Leapt();
    }

    /// <summary>Keeps the limit at the workers that there are, as they keep the cores busy.</summary>
    public ThrottleChange StopAt(int opened)
    {
        _candidate = 0;
        _steps.Leapt();
        return Change(opened, ThrottleReasons.Busy(opened));
    }

    /// <summary>Whether a trial that goes on should be broken off, by how many items ended so far.</summary>
    public bool IsHopeless(in ThrottleMeasurement m) =>
        _base is { } from && _candidate > from.Limit
        && m.Duration > Math.Max(0.25, 2 * from.Latency)
        && m.Duration * from.Throughput > 10
        && m.Throughput < Hopeless * from.Throughput;

    /// <summary>Takes a measurement of the present limit, at a time in seconds, and decides what to run at next.</summary>
    /// <param name="isSaturated">Whether the process leaves none of the cores idle.</param>
    /// <returns>Null if the limit stays.</returns>
    public ThrottleChange? Judge(in ThrottleMeasurement m, double now, double cpuShare, bool isSaturated = false)
    {
        _isSaturated = isSaturated;
        _bounds.Note(m, cpuShare);
        return _candidate != 0 ? JudgeTrial(m, now, cpuShare) : JudgeBase(m, now, cpuShare);
    }

    private ThrottleChange? JudgeBase(in ThrottleMeasurement m, double now, double cpuShare)
    {
        if (m.IsStarved)
        {
            _base = null;
            return null;
        }

        if (m.Latency < TrivialSeconds)
        {
            _base = null;
            return Limit != _cores ? Change(_cores, ThrottleReasons.Trivial(m)) : null;
        }

        if (_base is { } last)
        {
            double drift = Math.Abs(Math.Log(Math.Max(1e-9, m.Throughput) / last.Throughput));
            _unrest += DriftWeight * (Math.Min(1, drift) - _unrest);
        }

        if (_base is null && _overKnee is { } over && m.HasOtherCpu(over, OtherWork))
        {
            // The limit was lowered for items that are done.
            Forget(m, over, cpuShare);
        }

        _overKnee = null;
        if (_base is { } known && m.IsUnlike(known))
        {
            if (!_wasOdd)
            {
                // Once may be chance. It is measured again first.
                _wasOdd = true;
                return null;
            }

            Forget(m, known, cpuShare);
        }

        _wasOdd = false;
        SetBase(_base is { } old && _rest > 0 ? m.BlendedWith(old) : m, now);
        if (Limit > _bounds.Highest * 1.25)
        {
            _base = null;
            _overKnee = m;
            _peak = 0;
            return Change(_bounds.Highest, ThrottleReasons.OverKnee(m, _cores));
        }

        if (_isTrusted)
        {
            _isTrusted = false;
            Rest(now, 0);
        }

        return now < _restUntil ? null : Try(_base!.Value, now, cpuShare);
    }

    private ThrottleChange? JudgeTrial(in ThrottleMeasurement m, double now, double cpuShare)
    {
        ThrottleMeasurement from = _base!.Value;
        int tried = _candidate;
        _candidate = 0;
        double growth = (double)tried / from.Limit;
        double gain = m.Throughput / from.Throughput;
        if (Pays(m, from))
        {
            SetBase(m, now);
            _steps.Accept(growth, gain);
            _rest = 0;
            _restUntil = 0;
            return m.IsStarved ? null : Try(m, now, cpuShare);
        }

        Limit = from.Limit;
        if (growth > 1 && m.IsStarved)
        {
            // The places were not filled, so nothing is known of what filling them would bring.
            Rest(now, 0);
            return new ThrottleChange(tried, Limit, ThrottleReasons.Unfilled(m));
        }

        string reason = ThrottleReasons.Rejected(from, m);
        bool wasFinest = _steps.Reject(tried, growth, gain);
        if (_rest > 0 || (wasFinest && _steps.AreFinest))
        {
            Rest(now, (1 - gain) * (now - _trialStart) / BenchmarkBudget);
        }
        else if (now - _baseTime < LongestBaseAge && Try(from, now, cpuShare) is { } next)
        {
            // The base is as good as new: going back to it only to leave again would waste the time.
            return next.NewLimit == tried ? null : new ThrottleChange(tried, next.NewLimit, ThrottleReasons.Next(reason, next.NewLimit));
        }

        return new ThrottleChange(tried, Limit, reason);
    }

    private bool Pays(in ThrottleMeasurement m, in ThrottleMeasurement from)
    {
        double gain = m.Throughput / from.Throughput;
        if (m.Limit < from.Limit)
        {
            return gain > _steps.LeastKept(m.Limit) + _unrest && m.Throughput > FallOfPeak * _peak && !m.IsStarved;
        }

        if (m.Limit <= _cores)
        {
            // The same measure as for leaving it.
            return gain > 1 / _steps.LeastKept(from.Limit);
        }

        double growth = (double)m.Limit / from.Limit;
        double noise = Math.Min(MostNoise, Math.Max(_unrest, Math.Sqrt((m.Error * m.Error) + (from.Error * from.Error)) / 2));
        return gain > 1 + noise + Math.Max(ThrottleSteps.LeastGain, LeastShareOfGrowth * (growth - 1));
    }

    private ThrottleChange? Try(in ThrottleMeasurement from, double now, double cpuShare)
    {
        int candidate = _steps.Next(from, _rest > 0, cpuShare, _isSaturated);
        if (candidate == from.Limit)
        {
            Rest(now, 0);
            return null;
        }

        _candidate = candidate;
        _trialStart = now;
        return Change(candidate, ThrottleReasons.Trial(from, candidate, cpuShare));
    }

    // The work or the machine has changed, and what is known of it is void.
    private void Forget(in ThrottleMeasurement m, in ThrottleMeasurement old, double cpuShare)
    {
        _base = null;
        _peak = 0;
        bool isOtherWork = m.HasOtherCpu(old, 1.5);
        _bounds.Forget(isOtherWork);
        _bounds.Note(m, cpuShare);
        _steps.Reset(isOtherWork);
        _rest = 0;
        _restUntil = 0;
    }

    private void SetBase(in ThrottleMeasurement m, double now)
    {
        _base = m;
        _baseTime = now;
        _peak = Math.Max(_peak * PeakFading, m.Throughput);
    }

    private void Rest(double now, double atLeast)
    {
        _rest = Math.Clamp(_rest * 1.5, ShortestRest, LongestRest);
        _restUntil = now + Math.Max(_rest, Math.Min(LongestCostlyRest, atLeast));
    }

    private ThrottleChange Change(int limit, string reason)
    {
        var change = new ThrottleChange(Limit, limit, reason);
        Limit = limit;
        return change;
    }
}
