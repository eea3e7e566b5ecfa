namespace Switchyard.Core.SharedState.Objects;

/// <summary>How long a wait may take, and what cancels it.</summary>
internal readonly struct WaitLimit
{
    // How soon a wait notices that it is canceled. What is waited for wakes it at once.
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(100);

    private readonly long _deadline;
    private readonly Func<bool>? _isCanceled;

    /// <summary>A limit that counts from now.</summary>
    /// <param name="isCanceled">Whether the wait is to end without a result; null for never.</param>
    public WaitLimit(TimeSpan timeout, Func<bool>? isCanceled = null)
    {
        Timeout = timeout;
        _isCanceled = isCanceled;
        double ticks = timeout.TotalSeconds * Stopwatch.Frequency;
        _deadline = timeout < TimeSpan.Zero || ticks > long.MaxValue / 2 ? long.MaxValue : Stopwatch.GetTimestamp() + (long)ticks;
    }

    /// <summary>No wait at all.</summary>
    public static WaitLimit None => new(TimeSpan.Zero);

    /// <summary>How long it was to be from the beginning.</summary>
    public TimeSpan Timeout { get; }

    public TimeSpan Left => _deadline == long.MaxValue
        ? System.Threading.Timeout.InfiniteTimeSpan
        : Stopwatch.GetElapsedTime(Math.Min(Stopwatch.GetTimestamp(), _deadline), _deadline);

    /// <summary>Whether the wait is to end without a result.</summary>
    public bool IsCanceled => _isCanceled?.Invoke() == true;

    /// <summary>Waits for a pulse, after which the caller checks its condition again.</summary>
    /// <exception cref="OperationCanceledException">The wait is to end without a result.</exception>
    public bool TryWait(object monitor)
    {
        if (IsCanceled)
        {
            throw new OperationCanceledException();
        }

        TimeSpan left = Left;
        if (left == TimeSpan.Zero)
        {
            return false;
        }

        bool isEndless = left < TimeSpan.Zero;
        TimeSpan longest = _isCanceled is not null && (isEndless || left > _slice) ? _slice
            : left.TotalMilliseconds > int.MaxValue ? System.Threading.Timeout.InfiniteTimeSpan
            : left;
        Monitor.Wait(monitor, longest);
        return true;
    }
}
