namespace Switchyard.Core.Telemetry;

/// <summary>
/// What items take, by how much work they are, and how long yet those that are left: all of it shared out among the workers, and the longest. It is made of snapshots
/// alone, so it costs the items nothing. Not thread-safe.
/// </summary>
/// <remarks>
/// The workers' time up to now, less the time of what runs, is what the ended items took. So each pair of snapshots with ends between them tells what so many items
/// of so much weight took together, and by least squares what one takes: a time for each, and one for each unit of weight.
/// </remarks>
internal sealed class WorkEstimate
{
    // An item at so many times what it was expected to take is of another kind than the others.
    private const double Overdue = 2;

    // Where items so far were all about as heavy, nothing tells what comes of the weight and what of the item: then all is taken to come of the weight.
    private const double LeastDeterminant = 0.01;

    private const double Memory = 0.9;

    // How uncertain is what an item took: alike ones differ by about so much of it, and when one began and ended is known as well as four snapshots a second tell.
    private const double Spread = 0.2;
    private const double Grain = 0.1;

    private readonly Dictionary<long, double> _since = [];
    private RunLoad? _load;
    private double _now;
    private double _workerTime;
    private (double Time, double Items, double Weight) _ended;
    private double _itemsItems;
    private double _itemsWeight;
    private double _weightWeight;
    private double _itemsTime;
    private double _weightTime;
    private double _missed;
    private double _timed;
    private (double PerItem, double PerWeight) _cost;

    /// <summary>Whether it is known what is left, by weight.</summary>
    public bool KnowsWork => _load is { Read: > 0 } && _cost.PerWeight > 0;

    /// <summary>Whether it is expected that nothing ends for a while, as what runs takes that long.</summary>
    public bool ExpectsQuiet => KnowsWork && _load!.Running.Any(work => Elapsed(work) < Overdue * TimeOf(work));

    /// <summary>The seconds that pass before the longest of those that run has ended. What takes much longer than it should is taken to be in its middle.</summary>
    public double Longest
    {
        get
        {
            double longest = 0;
            foreach (RunningWork work in _load?.Running ?? [])
            {
                double elapsed = Elapsed(work);
                double expected = TimeOf(work);
                longest = Math.Max(longest, elapsed > Overdue * expected ? elapsed : expected - elapsed);
            }

            return longest;
        }
    }

    /// <summary>Takes note of a snapshot.</summary>
    public void Update(double seconds, RunLoad load)
    {
        _workerTime += (_load?.Running.Count ?? 0) * (seconds - _now);
        _now = seconds;
        _load = load;
        NoteRunning(load.Running);
        double weight = load.Read - load.Waiting - load.Running.Sum(work => work.Weight);
        (double Time, double Items, double Weight) ended = (_workerTime - load.Running.Sum(Elapsed), load.Ended, weight);
        if (ended.Items > _ended.Items)
        {
            Learn(ended.Time - _ended.Time, ended.Items - _ended.Items, ended.Weight - _ended.Weight);
            _ended = ended;
        }
    }

    /// <summary>The seconds until all is done, if weights tell of times: give or take as much as that was wrong of late.</summary>
    /// <param name="left">How many items are left, those that run among them.</param>
    /// <param name="unread">How many of those were not read yet: they are taken to be as the others.</param>
    public (double Low, double High) TimeLeft(long left, long unread, long read)
    {
        double done = _load!.Running.Sum(work => Math.Min(Elapsed(work), TimeOf(work)));
        double weight = _load.Waiting + _load.Running.Sum(work => work.Weight) + (read > 0 ? _load.Read * unread / read : 0);
        double work = (_cost.PerItem * left) + (_cost.PerWeight * weight) - done;
        double longest = Math.Max(Longest, _load.Heaviest > 0 ? TimeOf(new RunningWork(0, _load.Heaviest)) : 0);
        double time = Math.Max(longest, work / Math.Max(1, _load.Running.Count));
        double error = _timed > 0 ? Math.Min(1, _missed / _timed) : 1;
        return (time * (1 - error), time * (1 + error));
    }

    private double TimeOf(RunningWork work) => (_cost.PerItem * work.Count) + (_cost.PerWeight * work.Weight);

    private double Elapsed(RunningWork work) => _now - _since[work.Index];

    private void NoteRunning(IReadOnlyList<RunningWork> running)
    {
        Dictionary<long, double> before = new(_since);
        _since.Clear();
        foreach (RunningWork work in running)
        {
            _since[work.Index] = before.GetValueOrDefault(work.Index, _now);
        }
    }

    private void Learn(double time, double items, double weight)
    {
        if (_itemsItems > 0)
        {
            _missed = (Memory * _missed) + Math.Abs(time - (_cost.PerItem * items) - (_cost.PerWeight * weight));
            _timed = (Memory * _timed) + Math.Max(0, time);
        }

        double mean = Math.Max(0, time) / items;
        double trust = 1 / (items * ((Spread * Spread * mean * mean) + (Grain * Grain)));
        _itemsItems += trust * items * items;
        _itemsWeight += trust * items * weight;
        _weightWeight += trust * weight * weight;
        _itemsTime += trust * items * time;
        _weightTime += trust * weight * time;
        _cost = Fit();
    }

    private (double PerItem, double PerWeight) Fit()
    {
        double determinant = (_itemsItems * _weightWeight) - (_itemsWeight * _itemsWeight);
        bool isTold = determinant > LeastDeterminant * _itemsItems * _weightWeight;
        double perItem = ((_itemsTime * _weightWeight) - (_weightTime * _itemsWeight)) / determinant;
        double perWeight = ((_weightTime * _itemsItems) - (_itemsTime * _itemsWeight)) / determinant;
        return _weightWeight <= 0 || (isTold && perWeight < 0) ? (Math.Max(0, _itemsTime / _itemsItems), 0)
            : !isTold || perItem < 0 ? (0, Math.Max(0, _weightTime / _weightWeight))
            : (perItem, perWeight);
    }
}
