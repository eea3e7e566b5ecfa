namespace Switchyard.Core.Policies;

/// <summary>
/// Finds the limit to begin with from the first items, before there is a measurement: as many as keep the cores busy, cores x latency
/// / CPU time of an item (utilisation law), and no more than whatever else they wait for has places (Little's law). Not thread-safe.
/// </summary>
internal sealed class ThrottleStart(int cores, int ceiling, double frequency)
{
    // The highest limit that so little is trusted for: a worker costs CPU time to open.
    private const int Highest = 64;

    // Items do not wait in turn by themselves, so more than the law asks for are needed to keep the cores busy.
    private const double WaitMargin = 1.5;

    // After how long what runs shows whether it waits, and how far that is trusted.
    private const double LookSeconds = 0.05;
    private const int LookGrowth = 8;

    // How many items make a figure certain, and how far from the limit it has to be to be followed.
    private const int FewestItems = 8;
    private const double Far = 1.25;

    // What a queue needs to show, in seconds.
    private const double QueueSeconds = 0.1;
    private const double PlaceMargin = 1.25;

    private long _last;
    private long _lastTick;
    private long _look;
    private int _running;
    private double _area;
    private double _processCpu;
    private int _members;
    private long _lastMember;
    private bool _isKneeKnown;
    private long _leap;
    private Sums _first;
    private Sums _since;

    /// <summary>Whether a limit was chosen.</summary>
    public bool HasLeapt { get; private set; }

    private bool IsSure => _first.Tokens >= FewestItems;

    public void Started(long now)
    {
        Advance(now);
        _running++;
        // One more, as the very first item may be slowed by what is set up once.
        if (_members <= FewestItems)
        {
            _members++;
            _lastMember = Math.Max(_lastMember, now);
        }
    }

    public void Finished(ThrottleToken token, long now, long cpu, int items, long queue = 0)
    {
        Advance(now);
        _running--;
        if (token.Start <= _lastMember)
        {
            bool wasFirst = _first is { Tokens: 1, Begin: 0 };
            _first = wasFirst ? new Sums { Begin = 1 } : _first;
            _first.Add(now - token.Start, cpu, items, queue);
        }
        else if (token.Start > _leap && _since.Tokens == 0)
        {
            // What is seen from here on runs beside others.
            _since = new Sums { Begin = now, Tokens = 1, Quickest = double.MaxValue };
        }
        else if (_since.Tokens > 0)
        {
            _since.Add(now - token.Start, cpu, items, queue);
        }
    }

    /// <summary>Takes the share of the cores that the process has used since the last time, and tells where to go.</summary>
    /// <returns>Null to stay.</returns>
    public ThrottleChange? Tick(long now, double cpuShare, int limit)
    {
        Advance(now);
        if (_area > 0)
        {
            _processCpu += cpuShare * cores * (now - _lastTick);
        }

        _lastTick = now;
        string reason = "";
        int next = Math.Min(HasLeapt ? Places(now, limit, ref reason) : 0, ceiling);
        next = next > 0 ? next : Math.Min(Knee(now, limit, ref reason), ceiling);
        if (next == 0 || (HasLeapt && Math.Max(next, limit) < Far * Math.Min(next, limit)))
        {
            return null;
        }

        HasLeapt = true;
        _leap = now;
        _since = default;
        return next == limit ? null : new ThrottleChange(limit, next, reason);
    }

    /// <summary>What an item was like while few ran, once that is certain: its latency only, as its CPU time may be that of compilation.</summary>
    public ThrottleMeasurement? First => IsSure
        ? new ThrottleMeasurement(1, 0, _first.Latency / frequency, 0, 1, _first.Error, 0) { Quickest = _first.Quickest / frequency }
        : null;

    private int Knee(long now, int limit, ref string reason)
    {
        if (_isKneeKnown)
        {
            return 0;
        }

        // Not every system tells the CPU time of a thread.
        bool isSure = IsSure && _first.Cpu > 0;
        if (!isSure && (_look == 0 || now - _look < LookSeconds * frequency))
        {
            // What was computed until there was an item is not the item's.
            _look = _look == 0 && _running > 0 ? now : _look;
            (_area, _processCpu) = _look == now ? (0, 0) : (_area, _processCpu);
            return 0;
        }

        double cpuShare = _first.Cpu > 0 ? Math.Min(1, _first.Cpu / Math.Max(1, _first.Latencies - _first.Queue)) : _processCpu / Math.Max(1, _area);
        double knee = cores * (1 + (WaitMargin * Math.Max(0, (1 / Math.Max(1e-6, cpuShare)) - 1)));
        int most = Math.Max(cores, Math.Min(Highest, isSure ? Highest : LookGrowth * limit));
        _isKneeKnown = IsSure;
        (_look, _area, _processCpu) = (now, 0, 0);
        reason = ThrottleReasons.Knee(cpuShare, cores);
        knee = Math.Clamp(knee, cores, most);
        return (int)(isSure ? knee : Math.Max(knee, limit));
    }

    // If even the quickest item takes far longer than before, all of them stand in a queue.
    private int Places(long now, int limit, ref string reason)
    {
        double span = now - _since.Begin;
        if (_first.Tokens == 0 || _since.Tokens <= FewestItems || span < Math.Max(QueueSeconds * frequency, 2 * _first.Latency))
        {
            return 0;
        }

        double places = PlaceMargin * (1 + _first.Error) * _since.Items / span * _first.Latency;
        bool isQueued = _since.Quickest > ThrottleBounds.Queued * _first.Quickest;
        reason = ThrottleReasons.Places(_since.Quickest / frequency, _first.Quickest / frequency);
        _since = default;
        return isQueued && places < limit ? Math.Max(cores, (int)Math.Ceiling(places)) : 0;
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
        public long Begin;
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

        public void Add(double latency, long cpu, int items, long queue)
        {
            Tokens++;
            Items += items;
            Latencies += latency;
            Squares += latency * latency;
            Quickest = Tokens == 1 ? latency / items : Math.Min(Quickest, latency / items);
            Cpu += Math.Max(0, cpu);
            Queue += queue;
        }
    }
}
