namespace Switchyard.Core.Policies;

/// <summary>
/// Keeps starts to so many a second, evenly spread: 10 a second are one each 100 ms, never ten and then a pause. A function of
/// the timestamps it is given; it neither waits nor reads a clock. All members may be called from any thread.
/// </summary>
/// <remarks>
/// The generic cell rate algorithm in its virtual scheduling form (ITU-T Recommendation I.371, annex A): each start moves a
/// theoretical time of the next one on by 1/rate. The time lags at most <see cref="Credit"/> behind the clock, so a caller that
/// woke late may catch up, and a pause earns no burst beyond that.
/// No start is granted ahead of time. A caller that was refused asks again, so one that oversleeps its turn takes a later one, and
/// <see cref="HoldUntil"/> holds for all callers that wait.
/// </remarks>
internal sealed class RateLimiter
{
    /// <summary>The lowest rate: one start in about 17 minutes.</summary>
    public const double MinRate = 0.001;

    public const double MaxRate = 1_000_000;

    // Longer than a thread usually oversleeps on a busy machine, shorter than what a server counts its requests over.
    private static readonly TimeSpan _minCredit = TimeSpan.FromMilliseconds(50);

    private static readonly double _longestWait = TimeSpan.MaxValue.TotalSeconds / 2;

    private readonly object _lock = new();
    private readonly double _ticksPerSecond;
    private readonly long _creditTicks;
    private readonly long _wholeInterval;
    private readonly double _restOfInterval;
    private long _next = long.MinValue;
    private double _restOfNext;
    private bool _isFirst = true;

    /// <summary>Creates a limiter.</summary>
    /// <param name="rate">Starts per second, from <see cref="MinRate"/> to <see cref="MaxRate"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is out of range.</exception>
    public RateLimiter(double rate, TimeProvider clock)
    {
        if (!(rate is >= MinRate and <= MaxRate))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"A rate is {MinRate} to {MaxRate} starts per second.");
        }

        Rate = rate;
        _ticksPerSecond = clock.TimestampFrequency;
        double interval = _ticksPerSecond / rate;

        // At high rates an interval is a few ticks of a coarse clock: the rest must not be lost.
        _wholeInterval = (long)interval;
        _restOfInterval = interval - _wholeInterval;
        _creditTicks = (long)Math.Max(interval, _minCredit.TotalSeconds * _ticksPerSecond);
        Credit = TimeSpan.FromSeconds(_creditTicks / _ticksPerSecond);
    }

    /// <summary>Starts per second.</summary>
    public double Rate { get; }

    /// <summary>How much lateness is caught up: 50 ms, or the time between two starts if that is longer.</summary>
    public TimeSpan Credit { get; }

    /// <summary>Starts, if it is time.</summary>
    /// <param name="wait">Zero, or how long to wait before asking again.</param>
    public bool TryStart(long now, out TimeSpan wait)
    {
        lock (_lock)
        {
            if (now < _next)
            {
                // The difference fits an unsigned number whatever the two are.
                wait = TimeSpan.FromSeconds(Math.Min((ulong)(_next - now) / _ticksPerSecond, _longestWait));
                return false;
            }

            // The very first, and the first after a hold, is on time by definition: nothing was missed that could be caught up.
            long earliest = _isFirst ? now : now - _creditTicks;
            if (_next < earliest)
            {
                _next = earliest;
                _restOfNext = 0;
            }

            _isFirst = false;
            MoveOn();
        }

        wait = TimeSpan.Zero;
        return true;
    }

    /// <summary>Lets nothing start before a time, as a server asked. From then on starts are as far apart as ever: no backlog bursts.</summary>
    /// <param name="timestamp">A timestamp of the clock. An earlier one than what already holds changes nothing.</param>
    public void HoldUntil(long timestamp)
    {
        lock (_lock)
        {
            if (timestamp > _next)
            {
                _next = timestamp;
                _restOfNext = 0;
                _isFirst = true;
            }
        }
    }

    private void MoveOn()
    {
        _next += _wholeInterval;
        _restOfNext += _restOfInterval;
        if (_restOfNext >= 1)
        {
            _restOfNext--;
            _next++;
        }
    }
}
