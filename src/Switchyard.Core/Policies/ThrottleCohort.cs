namespace Switchyard.Core.Policies;

/// <summary>
/// Measures throughput at one limit by the items that started after as many ran as it allows. Those are followed to their end:
/// the first to finish are the short ones, so counting what ends soon would flatter. Not thread-safe.
/// </summary>
/// <remarks>
/// Throughput = mean number of running items / mean latency (Little's law). Until enough run, workers are being opened and the
/// items meet less company than they will; those that fill the places are not counted either, so a new worker's first item,
/// slowed by compilation or a new connection, is left out.
/// </remarks>
internal sealed class ThrottleCohort
{
    private const int FewestMembers = 8;

    // Workers between two items are not counted as running, so the full number may never be seen at once.
    private const double FullShare = 0.9;

    // An item that takes this many times the mean is not waited for; its age so far is counted.
    private const double LongestWaitFactor = 3;

    // How many of the items before may still run: more means that new workers' first items outlast later items.
    private const double StragglerShare = 0.2;

    private readonly double _frequency;
    private int _number;
    private int _limit = 1;
    private long _least;
    private long _stall;
    private Stage _stage;
    private bool _restarted;
    private bool _waitedForOlder;
    private int _running;
    private int _mostRunning;
    private int _older;
    private long _begin;
    private long _closed;
    private long _last;
    private double _area;
    private int _members;
    private int _ended;
    private long _items;
    private long _allItems;
    private double _starts;
    private double _endedStarts;
    private double _latencies;
    private double _squares;
    private double _cpu;

    public ThrottleCohort(long frequency) => _frequency = frequency;

    private enum Stage
    {
        Filling,
        Sampling,
        Closed,
    }

    /// <summary>How many items run.</summary>
    public int Running => _running;

    /// <summary>Whether about as many run as may.</summary>
    public bool IsFull => _running >= _limit * FullShare;

    /// <summary>When an item ended last, in clock ticks; 0 before the first.</summary>
    public long LastEnd { get; private set; }

    /// <summary>Starts a new measurement.</summary>
    /// <param name="limit">The limit in force from now on.</param>
    /// <param name="now">The time, in clock ticks.</param>
    /// <param name="leastSeconds">How long at least items are taken in.</param>
    public void Begin(int limit, long now, double leastSeconds)
    {
        Advance(now);
        _limit = limit;
        _least = (long)(leastSeconds * _frequency);
        _stage = Stage.Filling;
        _restarted = false;
        _mostRunning = _running;
        _stall = now;
        if (IsFull && _running <= limit)
        {
            Sample(now);
        }
    }

    /// <summary>Notes the start of an item.</summary>
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

        _members++;
        _starts += now - _begin;
        if (_members >= Math.Max(FewestMembers, _limit) && now - _begin >= _least)
        {
            Close(now);
        }

        return new ThrottleToken(now, _number);
    }

    /// <summary>Notes the end of items that ran one after the other.</summary>
    public void Finished(ThrottleToken token, long now, long cpu, int items)
    {
        Advance(now);
        _running--;
        LastEnd = now;
        _allItems += items;
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
            _ended++;
            _items += items;
            _endedStarts += token.Start - _begin;
            _latencies += latency;
            _squares += latency * latency;
            _cpu += Math.Max(0, cpu);
        }
        else if (token.Cohort != -_number)
        {
            _older--;
        }
    }

    /// <summary>What can be said before the measurement is done: how many items ended, whenever they started.</summary>
    public ThrottleMeasurement Preview(long now)
    {
        double seconds = _stage == Stage.Filling ? 0 : (now - _begin) / _frequency;
        return new ThrottleMeasurement(_limit, seconds > 0 ? _allItems / seconds : 0, 0, 0, 1, 0, seconds);
    }

    /// <summary>Looks whether the measurement is done.</summary>
    public bool TryMeasure(long now, out ThrottleMeasurement measurement)
    {
        Advance(now);
        measurement = default;
        double mean = _ended > 0 ? _latencies / _ended : 0;
        if (_stage == Stage.Filling)
        {
            // The input, or the opening of workers, does not bring more: what there is gets measured, and shows as empty places.
            if (_running <= _limit && now - _stall > _frequency)
            {
                Sample(now);
            }

            return false;
        }

        if (_stage == Stage.Sampling)
        {
            if (_ended < FewestMembers || now - _begin < Math.Max(_frequency, 4 * mean))
            {
                return false;
            }

            Close(now);
        }

        bool allEnded = _ended == _members;
        bool longEnough = _ended >= 0.9 * _members && now - _closed > LongestWaitFactor * mean;
        if (_ended == 0 || !(allEnded || longEnough))
        {
            return false;
        }

        if (!_restarted && _older > StragglerShare * _limit)
        {
            // The places are held by items that began before and last longer. Once they are gone it is measured again; should
            // they be no first items but just long ones, what was measured stands.
            _waitedForOlder = true;
            if (now - _begin < Math.Max(2 * _frequency, 4 * (_closed - _begin)))
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
        double ages = ((double)(_members - _ended) * (now - _begin)) - (_starts - _endedStarts);
        double perItem = (_latencies + ages) / _items;
        double mean = _latencies / _ended;
        double variance = Math.Max(0, (_squares / _ended) - (mean * mean));
        double running = Clean(_area / (now - _begin));
        return new ThrottleMeasurement(
            _limit,
            Clean(running / perItem * _frequency),
            perItem / _frequency,
            _cpu / _items / _frequency,
            Math.Min(1, running / _limit),
            Clean(Math.Sqrt(variance / _ended) / mean),
            (now - _begin) / _frequency);
    }

    private void Sample(long now)
    {
        _number++;
        _stage = Stage.Sampling;
        _waitedForOlder = false;
        _begin = now;
        _older = _running;
        _area = 0;
        _members = 0;
        _ended = 0;
        _items = 0;
        _allItems = 0;
        _starts = 0;
        _endedStarts = 0;
        _latencies = 0;
        _squares = 0;
        _cpu = 0;
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
            _area += (double)_running * (now - _last);
            _last = now;
        }
    }
}
