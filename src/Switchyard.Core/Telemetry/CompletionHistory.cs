namespace Switchyard.Core.Telemetry;

/// <summary>
/// When recent items ended: the last ten seconds, or as far back as it takes to see thirty of them. So the rate of quick items follows
/// a change of pace within seconds, and slow ones still have a rate.
/// </summary>
internal sealed class CompletionHistory
{
    private const double MinSeconds = 10;
    private const long MinItems = 30;

    // Closer points tell nothing more, and would make the history longer.
    private const double Grain = 0.1;

    // Where the count of ended items has changed. A quiet time belongs to the items that end it, as workers in step finish in waves.
    private readonly List<(double Seconds, long Done)> _points = [(0, 0)];
    private double _now;

    public long Items => _points[^1].Done - _points[0].Done;

    /// <summary>How often within the window the count was seen to change.</summary>
    public int Changes => _points.Count - 1;

    /// <summary>Items per second; null before any has ended.</summary>
    public double? Rate => Items > 0 && Seconds > 0 ? Items / Seconds : null;

    /// <summary>Seconds since an item last ended, or since the start.</summary>
    public double Quiet => _now - _points[^1].Seconds;

    /// <summary>Whether the present quiet is of another kind than those before: far longer than any, and noticeable.</summary>
    public bool IsStalled => Changes > 0 && Quiet > Math.Max(MinSeconds, 5 * LongestGap);

    private double Span => _points[^1].Seconds - _points[0].Seconds;

    // The usual quiet between two changes proves nothing, what goes beyond counts.
    private double Excess => Changes == 0 ? Quiet : Math.Max(0, Quiet - Math.Max(2 * Grain, Span / Changes));

    private double Seconds => Span + Excess;

    private double LongestGap
    {
        get
        {
            double longest = 0;
            for (int i = 1; i < _points.Count; i++)
            {
                longest = Math.Max(longest, _points[i].Seconds - _points[i - 1].Seconds);
            }

            return longest;
        }
    }

    /// <summary>Adds how many items have ended by a time. An earlier time than before is ignored.</summary>
    public void Add(double seconds, long done)
    {
        if (seconds < _now)
        {
            return;
        }

        _now = seconds;
        if (done > _points[^1].Done)
        {
            if (_points.Count > 1 && seconds - _points[^2].Seconds < Grain)
            {
                _points.RemoveAt(_points.Count - 1);
            }

            _points.Add((seconds, done));
        }

        while (_points.Count > 2 && _now - _points[1].Seconds >= MinSeconds && _points[^1].Done - _points[1].Done >= MinItems)
        {
            _points.RemoveAt(0);
        }
    }

    /// <summary>Cuts the window into parts of equally many items: the seconds that each took, oldest first.</summary>
    public void CutInto(Span<double> durations)
    {
        double last = _points[0].Seconds;
        int point = 1;
        for (int i = 0; i < durations.Length; i++)
        {
            double target = _points[0].Done + ((double)Items * (i + 1) / durations.Length);
            while (point < _points.Count - 1 && _points[point].Done < target)
            {
                point++;
            }

            (double fromSeconds, long fromDone) = _points[point - 1];
            (double toSeconds, long toDone) = _points[point];
            double time = fromSeconds + ((toSeconds - fromSeconds) * (target - fromDone) / (toDone - fromDone));
            durations[i] = Math.Max(0, time - last);
            last = time;
        }

        durations[^1] += Excess;
    }
}
