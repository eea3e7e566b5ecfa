namespace Switchyard.Core.Telemetry;

/// <summary>
/// Turns snapshots of a run into what a person wants to know: how fast, how far, how long yet. Time comes with the snapshots. Not
/// thread-safe.
/// </summary>
internal sealed class ProgressEstimate
{
    // Fewer items, or a shorter time, is chance.
    private const long MinItems = 5;
    private const double MinSeconds = 1;

    // A longer time is of no use, and could overflow.
    private const double MaxSeconds = 1000.0 * 24 * 3600;

    private readonly CompletionHistory _history = new();
    private readonly WorkEstimate _work = new();
    private RunProgress _latest;

    public static TimeSpan UpdateInterval { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Items that end per second, of late; null before the first has.</summary>
    public double? Rate => _history.Rate;

    /// <summary>Whole percent that are done, 0 to 100; null unless a total is known that was not exceeded.</summary>
    public int? Percent => _latest.TrustedTotal is long total ? (int)((decimal)_latest.Done * 100 / total) : null;

    /// <summary>
    /// How long it takes yet: an 80 % prediction interval from the variability of recent items' times, and no shorter than the longest of those that run. Null unless
    /// a total is known that was not exceeded, five items or more have ended, and they still do.
    /// </summary>
    public TimeRange? TimeLeft
    {
        get
        {
            if (_latest.TrustedTotal is not long total)
            {
                return null;
            }

            long left = total - _latest.Done;
            int parts = Math.Min(PredictionInterval.MaxSamples, _history.Changes);
            if (left == 0)
            {
                return new TimeRange(TimeSpan.Zero, TimeSpan.Zero);
            }

            if (parts < 2 || _history.Items < MinItems || _latest.Elapsed.TotalSeconds < MinSeconds || IsStalled)
            {
                return null;
            }

            Span<double> durations = stackalloc double[parts];
            _history.CutInto(durations);
            (double low, double high) = PredictionInterval.OfSum(durations, left / ((double)_history.Items / parts));
            if (_work.KnowsWork)
            {
                // How much work is left says more than how many items, above all where the heaviest came first.
                (low, high) = _work.TimeLeft(left, total - _latest.Read, _latest.Read);
            }

            high = Math.Max(high, _work.Longest);
            return high < MaxSeconds ? new TimeRange(TimeSpan.FromSeconds(low), TimeSpan.FromSeconds(high)) : null;
        }
    }

    /// <summary>Such as "120 of 1,000 done, 3 failed, 8 running, 41/s", numbers in the current culture's form.</summary>
    public string StatusText => ProgressText.Status(_latest, Rate, CultureInfo.CurrentCulture);

    /// <summary>Such as "120 of 1,000 done, 8 running, 41/s, 1-2 min left": all but what failed, in one line.</summary>
    public string LineText
    {
        get
        {
            string status = ProgressText.Status(_latest with { Failed = 0 }, Rate, CultureInfo.CurrentCulture);
            return EtaText is { Length: > 0 } eta ? $"{status}, {eta}" : status;
        }
    }

    /// <summary>Such as "1-2 min left" or "nothing finished for 3 min"; empty while nothing can be said.</summary>
    public string EtaText
    {
        get
        {
            CultureInfo culture = CultureInfo.CurrentCulture;
            bool isOver = _latest.Done == _latest.TrustedTotal;
            if (IsStalled && !isOver)
            {
                return ProgressText.Stalled(TimeSpan.FromSeconds(_history.Quiet), culture);
            }

            return TimeLeft is TimeRange range && !isOver ? ProgressText.Left(range, culture) : string.Empty;
        }
    }

    private bool IsStalled => _history.IsStalled && !_work.ExpectsQuiet;

    /// <summary>Takes note of a snapshot.</summary>
    public void Update(in RunProgress progress)
    {
        if (progress.Elapsed < _latest.Elapsed)
        {
            return;
        }

        _latest = progress;
        _history.Add(progress.Elapsed.TotalSeconds, progress.Done);
        if (progress.Load is { } load)
        {
            _work.Update(progress.Elapsed.TotalSeconds, load);
        }
    }
}
