namespace Switchyard.Policies;

/// <summary>
/// Looks for the limit of the highest throughput, and among equals for the lowest: a compass search (Hooke and Jeeves, 1961) over
/// the logarithm of the limit. From a base it tries a factor up or down, moves there if that pays, else comes back and makes the
/// factor smaller. When no direction pays it rests, for longer each time, and starts anew when the work changes. Pure arithmetic.
/// </summary>
/// <remarks>
/// Two bounds (Denning and Buzen, operational analysis) spare trials that cannot pay. Up: throughput is at most cores / CPU time
/// of an item. Down: at limit n it is at most n / the lowest latency of an item.
/// </remarks>
internal sealed class ThrottleSearch
{
    // What a rise must bring, as a share of what it would bring if nothing were in short supply; and at least.
    private const double LeastShareOfGrowth = 0.1;
    private const double LeastGain = 0.03;

    // What may be lost by a fall, against the base and against the best seen: many small losses would add up.
    private const double FallGain = 0.98;
    private const double FallOfPeak = 0.965;

    private const double SmallestStep = 1.25;
    private const double SettledStep = 1.3;
    private const double ShortestRest = 1;
    private const double LongestRest = 4;

    // What trials may cost, as a share of the throughput: those that lost much are followed by a longer rest.
    private const double TrialBudget = 0.02;
    private const double LongestCostlyRest = 20;
    private const double Harmless = 0.95;

    // A trial that has brought less than this share of what the base brings is broken off.
    private const double Hopeless = 0.6;

    // How old a base may be in seconds to be compared with once more.
    private const double LongestBaseAge = 1;

    // Above the knee, as waits and CPU use do not mesh perfectly.
    private const double KneeMargin = 2;

    // Below it, no number of workers is worth a thought: an item is over before another worker could have been woken.
    private const double TrivialSeconds = 20e-6;

    private readonly int _cores;
    private readonly int _ceiling;
    private ThrottleMeasurement? _base;
    private bool _wasOdd;
    private int _candidate;
    private double _upStep = 2;
    private double _downStep = 2;
    private bool _upNext = true;
    private double _upGain = 1;
    private double _peak;
    private double _latencyFloor;
    private int _floorLimit;
    private double _waitFloor;
    private double _baseTime;
    private double _trialStart;
    private double _rest;
    private double _restUntil;

    public ThrottleSearch(int cores, int ceiling)
    {
        _cores = cores;
        _ceiling = ceiling;
        Limit = Math.Min(cores, ceiling);
    }

    /// <summary>The limit in force.</summary>
    public int Limit { get; private set; }

    /// <summary>Whether a trial is under way.</summary>
    public bool IsTrying => _candidate != 0;

    /// <summary>The lowest mean latency of an item lately, in seconds; 0 if unknown.</summary>
    public double LatencyFloor => _latencyFloor;

    /// <summary>How long to measure at least, in seconds: hurried while searching, thorough once settled.</summary>
    public double LeastSeconds => _rest > 0 ? 0.25 : 0.1;

    /// <summary>Raises the limit without a measurement, as nothing ends.</summary>
    /// <returns>Null if there is no room.</returns>
    public ThrottleChange? GrowBlindly(double quietSeconds, double cpuShare)
    {
        int next = Math.Min(_ceiling, Limit * 2);
        if (next == Limit)
        {
            return null;
        }

        _candidate = 0;
        _base = null;
        return Change(next, ThrottleReasons.Blind(Limit, quietSeconds, cpuShare));
    }

    /// <summary>Looks at a trial that is still going on.</summary>
    /// <param name="m">What came of it so far: only how many items ended.</param>
    /// <returns>True if it is beyond hope and should be judged by that.</returns>
    public bool IsHopeless(in ThrottleMeasurement m) =>
        _base is { } from && _candidate > from.Limit
        && m.Duration > Math.Max(0.25, 2 * from.Latency)
        && m.Duration * from.Throughput > 10
        && m.Throughput < Hopeless * from.Throughput;

    /// <summary>Takes a measurement of the present limit and decides what to run at next.</summary>
    /// <param name="m">What was measured.</param>
    /// <param name="now">The time in seconds, from any origin.</param>
    /// <param name="cpuShare">Share of the machine's CPU time that this process used, 0 to 1.</param>
    /// <returns>Null if the limit stays.</returns>
    public ThrottleChange? Judge(in ThrottleMeasurement m, double now, double cpuShare)
    {
        NoteFloors(m);
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
            _base = m;
            return Limit > _cores ? Change(Math.Min(_cores, _ceiling), ThrottleReasons.Trivial(m)) : null;
        }

        if (_base is { } known && IsOdd(m, known))
        {
            if (!_wasOdd)
            {
                // Once may be chance. It is looked at again before anything is done about it.
                _wasOdd = true;
                return null;
            }

            Forget(m, known);
        }

        _wasOdd = false;
        SetBase(_base is { } old && _rest > 0 ? Blend(old, m) : m, now);
        int cap = Cap(m);
        if (Limit > cap * 1.25)
        {
            ThrottleChange change = Change(cap, ThrottleReasons.OverKnee(m, _cores));
            _base = null;
            _peak = 0;
            return change;
        }

        return now < _restUntil ? null : Try(_base!.Value, now, cap, cpuShare);
    }

    private ThrottleChange? Try(in ThrottleMeasurement from, double now, int cap, double cpuShare)
    {
        int candidate = NextCandidate(from, cap, cpuShare);
        if (candidate == Limit)
        {
            Rest(now);
            return null;
        }

        _candidate = candidate;
        _trialStart = now;
        return Change(candidate, ThrottleReasons.Trial(from, candidate, cpuShare));
    }

    private ThrottleChange? JudgeTrial(in ThrottleMeasurement m, double now, double cpuShare)
    {
        ThrottleMeasurement from = _base!.Value;
        bool up = _candidate > from.Limit;
        double gain = m.Throughput / from.Throughput;
        double growth = (double)_candidate / from.Limit;
        double noise = Math.Min(0.1, Math.Sqrt((m.Error * m.Error) + (from.Error * from.Error)) / 2);
        bool pays = up
            ? gain > 1 + Math.Max(LeastGain, LeastShareOfGrowth * (growth - 1)) + noise
            : gain > LeastFall(m.Limit) && m.Throughput > FallOfPeak * _peak && !m.IsStarved;
        _candidate = 0;
        if (pays)
        {
            SetBase(m, now);
            _upStep = up ? Math.Max(_upStep, Math.Min(2, growth)) : _upStep;
            _downStep = up ? _downStep : Math.Max(_downStep, Math.Min(2, 1 / growth));
            _upNext = up;
            _rest = 0;
            _restUntil = 0;
            return m.IsStarved ? null : Try(m, now, Cap(m), cpuShare);
        }

        bool finest = (up ? _upStep : _downStep) <= SettledStep;
        if (up)
        {
            _upStep = Math.Max(SmallestStep, Math.Sqrt(_upStep));
        }
        else
        {
            _downStep = Math.Max(SmallestStep, Math.Sqrt(_downStep));
        }

        if (up)
        {
            _upGain = gain;
        }

        string reason = ThrottleReasons.Rejected(from, m);
        int old = Limit;
        Limit = from.Limit;
        if (_rest > 0 || (finest && _upStep <= SettledStep && _downStep <= SettledStep))
        {
            Rest(now);
            double cost = Math.Max(0, 1 - gain) * (now - _trialStart);
            _restUntil = Math.Max(_restUntil, now + Math.Min(LongestCostlyRest, cost / TrialBudget));
        }
        else if (now - _baseTime < LongestBaseAge)
        {
            // The base is as good as new: going back to it only to leave again would waste the time.
            _candidate = NextCandidate(from, Cap(m), cpuShare);
            if (_candidate == Limit)
            {
                _candidate = 0;
                Rest(now);
            }
            else
            {
                Limit = _candidate;
                _trialStart = now;
                reason = ThrottleReasons.Next(reason, _candidate);
            }
        }

        return new ThrottleChange(old, Limit, reason);
    }

    /// <summary>The next limit worth a trial, directions taking turns; the present limit if there is none.</summary>
    private int NextCandidate(in ThrottleMeasurement from, int cap, double cpuShare)
    {
        for (int i = 0; i < 2; i++)
        {
            bool up = _upNext;
            _upNext = !up;
            int candidate = up ? Above(from, cap, cpuShare) : Below(from);
            if (candidate != Limit)
            {
                return candidate;
            }
        }

        return Limit;
    }

    private int Above(in ThrottleMeasurement from, int cap, double cpuShare)
    {
        int highest = Math.Max(Limit, Math.Min(cap, _ceiling));
        double cpuBound = from.Cpu > 0 ? _cores / from.Cpu : double.PositiveInfinity;
        if (highest == Limit || cpuBound < (1 + LeastGain) * from.Throughput)
        {
            _upStep = SmallestStep;
            return Limit;
        }

        double step = _rest > 0 ? (cpuShare < 0.7 && _upGain > Harmless ? 2 : SettledStep) : _upStep;
        if (_rest <= 0 && step >= 2 && _cores / Math.Max(1e-9, from.CpuShare) > 8.0 * Limit)
        {
            // The utilisation law leaves so much room that doubling would only take longer.
            step = 4;
        }

        return Math.Min(Math.Max(Limit + 1, (int)Math.Round(Limit * step)), highest);
    }

    private int Below(in ThrottleMeasurement from)
    {
        double step = _rest > 0 ? SettledStep : _downStep;
        while (true)
        {
            int candidate = Math.Min(Limit - 1, (int)Math.Round(Limit / step));
            if (candidate >= 1 && MayReach(candidate, LeastFall(candidate) * from.Throughput, from.Cpu))
            {
                return candidate;
            }

            if (step <= SettledStep)
            {
                _downStep = SmallestStep;
                return Limit;
            }

            step = _downStep = Math.Max(SmallestStep, Math.Sqrt(step));
        }
    }

    // Workers up to the number of cores cost little, and will be wanted if what now keeps them from computing goes away.
    private double LeastFall(int limit) => limit < _cores ? 1 + (1 - FallGain) : FallGain;

    // Below what was measured, latency may be lower than ever seen, but not lower than the CPU time.
    private bool MayReach(int limit, double throughput, double cpu)
    {
        double floor = limit >= _floorLimit ? _latencyFloor : Math.Min(cpu, _latencyFloor);
        return floor <= 0 || limit / floor >= throughput;
    }

    /// <summary>The utilisation law's knee, cores x (1 + wait / CPU), with a margin.</summary>
    private int Cap(in ThrottleMeasurement m) =>
        m.Cpu > 0 && _waitFloor > 0
            ? (int)Math.Clamp(KneeMargin * _cores * _waitFloor, Math.Min(_cores, _ceiling), _ceiling)
            : _ceiling;

    private void NoteFloors(in ThrottleMeasurement m)
    {
        // A few long items by chance must not pass for what the work is like, and floors must not outlive the work they are of.
        double latency = m.Latency * (1 + m.Error);
        if (_latencyFloor <= 0 || m.Limit < _floorLimit)
        {
            _floorLimit = m.Limit;
        }

        _latencyFloor = _latencyFloor > 0 ? Math.Min(_latencyFloor * 1.01, latency) : latency;
        if (m.Cpu > 0)
        {
            double ratio = Math.Max(1, latency / m.Cpu);
            _waitFloor = _waitFloor > 0 ? Math.Min(_waitFloor * 1.01, ratio) : ratio;
        }
    }

    // The work or the machine has changed, and what is known of it is void.
    private void Forget(in ThrottleMeasurement m, in ThrottleMeasurement old)
    {
        _base = null;
        _peak = 0;
        _latencyFloor = 0;
        if (HasOtherCpu(m, old, 1.5))
        {
            // A busy machine changes how long items take, not the CPU time they use.
            _waitFloor = 0;
        }

        NoteFloors(m);
        _upStep = 2;
        _downStep = 2;
        _upGain = 1;
        _rest = 0;
        _restUntil = 0;
    }

    private static bool IsOdd(in ThrottleMeasurement m, in ThrottleMeasurement old)
    {
        double tolerance = 1.2 + (2 * Math.Max(m.Error, old.Error));
        double change = m.Throughput / old.Throughput;
        return change > tolerance || change < 1 / tolerance || HasOtherCpu(m, old, 2 * tolerance);
    }

    private static bool HasOtherCpu(in ThrottleMeasurement m, in ThrottleMeasurement old, double factor) =>
        m.Cpu > old.Cpu * factor || m.Cpu < old.Cpu / factor;

    private static ThrottleMeasurement Blend(in ThrottleMeasurement old, in ThrottleMeasurement m) => m with
    {
        Throughput = (old.Throughput + m.Throughput) / 2,
        Error = Math.Max(old.Error, m.Error) / Math.Sqrt(2),
    };

    private void SetBase(in ThrottleMeasurement m, double now)
    {
        _base = m;
        _baseTime = now;
        _peak = Math.Max(_peak * 0.995, m.Throughput);
    }

    private void Rest(double now)
    {
        _rest = Math.Clamp(_rest * 1.5, ShortestRest, LongestRest);
        _restUntil = now + _rest;
    }

    private ThrottleChange Change(int limit, string reason)
    {
        var change = new ThrottleChange(Limit, limit, reason);
        Limit = limit;
        return change;
    }
}
