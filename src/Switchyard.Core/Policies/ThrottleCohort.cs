namespace Switchyard.Core.Policies;

/// <summary>
/// Measures throughput at one limit by the items that started after as many ran as it allows. Those are followed to their end:
/// the first to finish are the short ones, so counting those alone would give too high a figure. Not thread-safe.
/// </summary>
/// <remarks>
/// Throughput = mean number of running items / mean latency (Little's law). Until enough run, workers are being opened and the
/// items have less competition than later; those that fill the places are not counted either, so a new worker's first item, slowed by
/// compilation or a new connection, is left out.
/// </remarks>
internal sealed class ThrottleCohort(double frequency)
{
    private const int FewestMembers = 8;

    // Workers between two items are not counted as running, so the full number may never be seen at once.
    private const double FullShare = 0.9;

    // An item that takes this many times the mean is not waited for; its age so far is counted.
    private const double LongestWaitFactor = 3;

    // How many of the items before may still run: more means that new workers' first items outlast later items.
    private const double StragglerShare = 0.2;

    private int _number;
    private int _limit = 1;
    private long _least;
    private long _stall;
    private Stage _stage;
    private bool _restarted;
    private bool _waitedForOlder;
    private int _running;
    private int _mostRunning;
    private long _closed;
    private long _last;
    private Sums _sample;

    private enum Stage
    {
        Filling,
        Sampling,
        Closed,
    }

    public int Running => _running;

    public bool IsFull => _running >= _limit * FullShare;

    /// <summary>When an item ended last, in clock ticks; 0 before the first.</summary>
    public long LastEnd { get; private set; }

    public void Begin(int limit, long now, double leastSeconds)
    {
        Advance(now);
        _limit = limit;
        _least = (long)(leastSeconds * frequency);
        _stage = Stage.Filling;
        _restarted = false;
        _mostRunning = _running;
        _stall = now;
        if (IsFull && _running <= limit)
        {
            Sample(now);
        }
    }

    public ThrottleToken Started(long now)
    {
        Advance(now);
        _running++;
        if (_stage == Stage.Filling)
        {
            if (_running > _mostRunning)
            {
                _mostRunning = _running;
                _stall = now;
            }

            if (IsFull && _running <= _limit)
            {
                Sample(now);
            }

            return new ThrottleToken(now, 0);
        }

        if (_stage == Stage.Closed)
        {
            return new ThrottleToken(now, -_number);
        }

        _sample.Members++;
        _sample.Starts += now - _sample.Begin;
        if (_sample.Members >= Math.Max(FewestMembers, _limit) && now - _sample.Begin >= _least)
        {
            Close(now);
        }

        return new ThrottleToken(now, _number);
    }

    /// <summary>Notes the end of items that ran one after the other.</summary>
    public void Finished(ThrottleToken token, long now, long cpu, int items, long queue = 0, long paused = 0)
    {
        Advance(now);
        _running--;
        LastEnd = now;
        _sample.AllItems += items;
        if (_stage == Stage.Filling)
        {
            if (IsFull && _running <= _limit)
            {
                Sample(now);
            }
        }
        else if (token.Cohort == _number)
        {
            double latency = now - token.Start;
            _sample.Ended++;
            _sample.Items += items;
            _sample.EndedStarts += token.Start - _sample.Begin;
            _sample.Latencies += latency;
            _sample.Squares += latency * latency;
            double own = (latency - queue) / items;
            _sample.Quickest = _sample.Ended == 1 ? own : Math.Min(_sample.Quickest, own);
            _sample.Cpu += Math.Max(0, cpu);
            _sample.Queue += queue;
            _sample.Paused += paused;
        }
        else if (token.Cohort != -_number)
        {
            _sample.Older--;
        }
    }

    /// <summary>What can be said before the measurement is done: how many items ended, whenever they started.</summary>
    public ThrottleMeasurement Preview(long now)
    {
        double seconds = _stage == Stage.Filling ? 0 : (now - _sample.Begin) / frequency;
        return new ThrottleMeasurement(_limit, seconds > 0 ? _sample.AllItems / seconds : 0, 0, 0, 1, 0, seconds);
    }

    public bool TryMeasure(long now, out ThrottleMeasurement measurement)
    {
        Advance(now);
        measurement = default;
        double mean = _sample.Ended > 0 ? _sample.Latencies / _sample.Ended : 0;
        if (_stage == Stage.Filling)
        {
            // The input, or the opening of workers, does not bring more: what there is gets measured, and shows as empty places.
            if (_running <= _limit && now - _stall > frequency)
            {
                Sample(now);
            }

            return false;
        }

        if (_stage == Stage.Sampling)
        {
            if (_sample.Ended < FewestMembers || now - _sample.Begin < Math.Max(frequency, 4 * mean))
            {
                return false;
            }

            Close(now);
        }

        bool allEnded = _sample.Ended == _sample.Members;
        bool longEnough = _sample.Ended >= 0.9 * _sample.Members && now - _closed > LongestWaitFactor * mean;
        if (_sample.Ended == 0 || !(allEnded || longEnough))
        {
            return false;
        }

        if (!_restarted && _sample.Older > StragglerShare * _limit)
        {
            // The places are held by items that began before and last longer. Once they are gone it is measured again; should
            // they be long items and no first ones, what was measured stands.
            _waitedForOlder = true;
            if (now - _sample.Begin < Math.Max(2 * frequency, 4 * (_closed - _sample.Begin)))
            {
                return false;
            }
        }
        else if (!_restarted && _waitedForOlder)
        {
            _restarted = true;
            Sample(now);
            return false;
        }

        measurement = Measure(now);
        return true;
    }

    private static double Clean(double value) => double.IsFinite(value) ? value : 0;

    private ThrottleMeasurement Measure(long now)
    {
        // Unfinished items count with their age: time spent per item ended, the estimate for censored life times.
        double ages = ((double)(_sample.Members - _sample.Ended) * (now - _sample.Begin)) - (_sample.Starts - _sample.EndedStarts);
        double perItem = (_sample.Latencies + ages) / _sample.Items;
        double mean = _sample.Latencies / _sample.Ended;
        double variance = Math.Max(0, (_sample.Squares / _sample.Ended) - (mean * mean));
        double running = Clean(_sample.Area / (now - _sample.Begin));
        return new ThrottleMeasurement(
            _limit,
            Clean(running / perItem * frequency),
            perItem / frequency,
            _sample.Cpu / _sample.Items / frequency,
            Math.Min(1, running / _limit),
            Clean(Math.Sqrt(variance / _sample.Ended) / mean),
            (now - _sample.Begin) / frequency)
        {
            Quickest = _sample.Quickest / frequency,
            RunQueue = Math.Clamp(_sample.Queue / _sample.Items, 0, perItem) / frequency,
            Paused = Math.Clamp(_sample.Paused / _sample.Items, 0, perItem) / frequency,
        };
    }

    private void Sample(long now)
    {
        _number++;
        _stage = Stage.Sampling;
        _waitedForOlder = false;
        _sample = new Sums { Begin = now, Older = _running };
    }

    private void Close(long now)
    {
        _stage = Stage.Closed;
        _closed = now;
    }

    private void Advance(long now)
    {
        // Times are taken outside the lock, so they may come slightly out of order.
        if (now > _last)
        {
            _sample.Area += (double)_running * (now - _last);
            _last = now;
        }
    }

    private struct Sums
    {
        public long Begin;
        public int Older;
        public double Area;
        public int Members;
        public int Ended;
        public long Items;
        public long AllItems;
        public double Starts;
        public double EndedStarts;
        public double Latencies;
        public double Squares;
        public double Quickest;
        public double Cpu;
        public double Queue;
        public double Paused;
    }
}
