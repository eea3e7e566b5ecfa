namespace Switchyard.Core.Policies;

/// <summary>
/// Finds the limit to begin with from the first items, before there is a measurement: as many as keep the cores busy, cores x latency
/// / CPU time of an item (utilisation law), and no more than whatever else they wait for has places (Little's law). Not thread-safe.
/// </summary>
internal sealed class ThrottleStart
{
    // The highest limit that so little is trusted for: a worker costs CPU time to open.
    private const int Highest = 64;

    // Items do not wait in turn by themselves, so more than the law asks for are needed to keep the cores busy.
    private const double WaitMargin = 2;

    // After how long what runs shows whether it waits, and how far that is trusted.
    private const double LookSeconds = 0.05;
    private const int LookGrowth = 8;

    // An item that took longer than so many looks may have set up something for its worker, whose next item is looked at then.
    private const int LongLooks = 2;

    // What computes for more than that is taken to compute, until items that have ended tell better.
    private const double Computing = 0.55;

    // Where it is known how many will be wanted, so many are opened before the first items have shown that they are what they were.
    private const int MostBefore = LookGrowth;

    // What uses no more than that waits, even if nothing of it has ended.
    private const double Idle = 0.1;

    // How many items make a figure certain, and how far from the limit it has to be to be followed.
    private const int FewestItems = 8;
    private const double Far = 1.25;

    // What a queue needs to show, in seconds.
    private const double QueueSeconds = 0.1;
    private const double QueueLatencies = 3;
    private const double PlaceMargin = 1.25;

    private readonly int _cores;
    private readonly int _ceiling;
    private readonly double _frequency;
    private readonly long _begin;
    private readonly OpeningCost _opening;
    private ThrottleHint? _hint;
    private long _last;
    private long _lastTick;
    private long _look;
    private int _running;
    private int _mostRunning;
    private long _lastNew;
    private int _warmMembers;
    private long _lastWarm;
    private double _area;
    private double _processCpu;
    private int _members;
    private long _lastMember;
    private bool _isFirstLeftOut;
    private bool _isKneeKnown;
    private long _watch;
    private int _calm;
    private long _fresh;
    private long _ended;
    private Sums _first;
    private Sums _warm;
    private Sums _since;

    /// <param name="running">How many items run that are not to be looked at.</param>
    /// <param name="hint">What is gone to if the items are what they were then.</param>
    public ThrottleStart(int cores, int ceiling, double frequency, long now, int running, OpeningCost? opening = null, ThrottleHint? hint = null)
    {
        _opening = opening ?? new OpeningCost(cores);
        _hint = hint;
        _cores = _calm = cores;
        _ceiling = ceiling;
        _frequency = frequency;
        _begin = _last = _lastTick = now;
        _running = _mostRunning = running;
        _lastNew = now;
    }

    /// <summary>The limit to begin with.</summary>
    public int Initial => _hint is { } hint ? Math.Min(hint.Limit, Math.Max(_cores, MostBefore)) : 1;

    /// <summary>Whether a limit was chosen.</summary>
    public bool HasLeapt { get; private set; }

    private int Worth => _first.Tokens > 0 ? _opening.MostFor(_first.Latency / _frequency) : int.MaxValue;

    private bool IsSure => _first.Tokens >= FewestItems;

    public void Started(long now)
    {
        Advance(now);
        if (++_running > _mostRunning)
        {
            // By a worker that is new, as likely as not: what it sets up once costs CPU time, in its first item or beside another's.
            _mostRunning = _running;
            _lastNew = now;
            _warmMembers = 0;
            _warm = default;
        }
        else if (_warmMembers < FewestItems)
        {
            _warmMembers++;
            _lastWarm = now;
        }

        _fresh = _fresh == 0 && now > _watch ? now : _fresh;
        // One more, as the very first item may be slowed by what is set up once.
        if (_members <= FewestItems)
        {
            _members++;
            _lastMember = Math.Max(_lastMember, now);
        }
    }

    public void Finished(ThrottleToken token, long now, long cpu, int items, long queue = 0, long paused = 0)
    {
        Advance(now);
        _running--;
        if (HasLeapt && _ended == 0 && now - token.Start > LongLooks * LookSeconds * _frequency)
        {
            // Whether that was what each worker sets up once, the next items show.
            (_look, _area, _processCpu) = (now, 0, 0);
        }

        _ended += items;
        if (token.Start > _watch && HasLeapt)
        {
            _since.Add(now - token.Start, cpu, items, queue, paused);
        }

        if (token.Start <= _lastMember && token.Start >= _begin)
        {
            if (_first.Tokens == 1 && !_isFirstLeftOut)
            {
                _isFirstLeftOut = true;
                _first = default;
            }

            _first.Add(now - token.Start, cpu, items, queue, paused);
        }

        if (token.Start > _lastNew && token.Start <= _lastWarm)
        {
            _warm.Add(now - token.Start, cpu, items, queue, paused);
        }
    }

    /// <summary>Takes the share of the cores that the process has used since the last time, and tells where to go.</summary>
    /// <returns>Null to stay.</returns>
    public ThrottleChange? Tick(long now, double cpuShare, int limit)
    {
        Advance(now);
        if (_area > 0)
        {
            _processCpu += cpuShare * _cores * (now - _lastTick);
        }

        _lastTick = now;
        string reason = "";
        int next = Math.Min(HasLeapt ? Places(now, limit, ref reason) : 0, _ceiling);
        next = next > 0 ? next : Math.Min(Knee(now, limit, ref reason), _ceiling);
        if (next == 0 || (HasLeapt && Math.Max(next, limit) < Far * Math.Min(next, limit)))
        {
            return null;
        }

        HasLeapt = true;
        _calm = Math.Max(_cores, Math.Min(limit, next));
        Watch(now);
        return next == limit ? null : new ThrottleChange(limit, next, reason);
    }

    /// <summary>What an item was like while few ran, once that is certain: its latency only, as its CPU time may be that of compilation.</summary>
    public ThrottleMeasurement? First => IsSure
        ? new ThrottleMeasurement(1, 0, _first.Latency / _frequency, 0, 1, _first.Error, 0) { Quickest = _first.Quickest / _frequency }
        : null;

    private int Knee(long now, int limit, ref string reason)
    {
        if (_isKneeKnown)
        {
            return 0;
        }

        // Not every system tells the CPU time of a thread.
        bool isSure = _warm is { Tokens: >= FewestItems, Cpu: > 0 };
        if (_look == 0 && _running > 0)
        {
            // What was computed until there was an item is not the item's.
            (_look, _area, _processCpu) = (now, 0, 0);
        }

        // Where nothing has ended since the last step, workers may only wait for what each sets up once.
        if (!isSure && (_look == 0 || now - _look < LookSeconds * _frequency || (HasLeapt && _ended == 0)))
        {
            return 0;
        }

        Sums known = _warm.Tokens > 0 ? _warm : _first;
        double cpuShare = known.Cpu > 0 ? Math.Min(1, known.Cpu / Math.Max(1, known.Latencies - known.Queue)) : _processCpu / Math.Max(1, _area);
        if (!isSure && cpuShare > Computing)
        {
            // So short a look may have met what is compiled once, while others waited for it.
            cpuShare = 1;
        }

        if (_hint is { } hint)
        {
            // What the first workers set up once says nothing of the items, and looks like either.
            bool isLike = hint.CpuShare > Computing == cpuShare > Computing;
            if (isLike && (isSure || cpuShare < Idle || hint.Limit <= limit))
            {
                _isKneeKnown = true;
                reason = ThrottleReasons.Known(cpuShare);
                return Math.Max(Math.Min(hint.Limit, _cores), Math.Min(hint.Limit, Worth));
            }

            if (!isSure)
            {
                (_look, _area, _processCpu) = (now, 0, 0);
                return 0;
            }

            _hint = null;
        }

        double knee = _cores * (1 + (WaitMargin * Math.Max(0, (1 / Math.Max(1e-6, cpuShare)) - 1)));
        int most = Math.Max(_cores, Math.Min(Math.Min(Highest, Worth), isSure ? Highest : LookGrowth * limit));
        _isKneeKnown = _warm.Tokens >= FewestItems;
        (_look, _area, _processCpu) = (now, 0, 0);
        reason = ThrottleReasons.Knee(cpuShare, _cores);
        knee = Math.Clamp(knee, _cores, most);
        return (int)(isSure ? knee : Math.Max(knee, limit));
    }

    // If even the quickest item takes far longer than before, all of them stand in a queue. The limit before that had none.
    private int Places(long now, int limit, ref string reason)
    {
        double span = now - _watch;
        if (_first.Tokens == 0 || _fresh == 0 || now - _fresh < Math.Max(QueueSeconds * _frequency, QueueLatencies * _first.Latency))
        {
            return 0;
        }

        double quickest = _since.Tokens > 0 ? _since.Quickest : now - _fresh;
        int places = Math.Max(_calm, (int)Math.Ceiling(PlaceMargin * (1 + _first.Error) * _ended / span * _first.Latency));
        reason = ThrottleReasons.Places(quickest / _frequency, _first.Quickest / _frequency);
        Watch(now);
        if (quickest <= ThrottleBounds.Queued * _first.Quickest || places >= limit)
        {
            return 0;
        }

        _isKneeKnown = true;
        return places;
    }

    private void Watch(long now)
    {
        _watch = now;
        _since = default;
        _fresh = _ended = 0;
    }

    private void Advance(long now)
    {
        if (now > _last)
        {
            _area += (double)_running * (now - _last);
            _last = now;
        }
    }

    private struct Sums
    {
        public int Tokens;
        public long Items;
        public double Latencies;
        public double Squares;
        public double Quickest;
        public double Cpu;
        public double Queue;

        public readonly double Latency => Latencies / Items;

        public readonly double Error
        {
            get
            {
                double mean = Latencies / Tokens;
                return Math.Sqrt(Math.Max(0, (Squares / Tokens) - (mean * mean)) / Tokens) / Math.Max(1, mean);
            }
        }

        public void Add(double latency, long cpu, int items, long queue, long paused)
        {
            Tokens++;
            Items += items;
            Latencies += latency;
            Squares += latency * latency;

            // An item that slept while the collector had stopped it has lost nothing by that.
            double own = (latency - queue) / items;
            Quickest = Tokens == 1 ? own : Math.Min(Quickest, own);
            Cpu += Math.Max(0, cpu);
            Queue += queue + paused;
        }
    }
}
