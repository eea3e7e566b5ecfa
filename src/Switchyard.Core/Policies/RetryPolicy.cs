namespace Switchyard.Core.Policies;

/// <summary>How often an item that failed is tried again, and how long it waits before: exponential backoff with full jitter.</summary>
/// <remarks>
/// Full jitter, from the AWS Architecture Blog's "Exponential Backoff and Jitter" (Marc Brooker, 2015): a delay is uniform between
/// zero and min(cap, base x 2^(n - 1)). Items that failed together then do not come back together, which needs the fewest calls
/// of the schemes compared there.
/// </remarks>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan _usualCap = TimeSpan.FromSeconds(60);

    /// <summary>Creates a policy.</summary>
    /// <param name="retryCount">How often an item is tried again after its first attempt; 0 for never.</param>
    /// <param name="baseDelay">The longest delay before the first retry; it doubles with each one. Zero retries at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number or time.</exception>
    public RetryPolicy(int retryCount, TimeSpan baseDelay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retryCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(baseDelay, TimeSpan.Zero);
        RetryCount = retryCount;
        BaseDelay = baseDelay;
        Cap = baseDelay > _usualCap ? baseDelay : _usualCap;
    }

    /// <summary>How often an item is tried again after its first attempt.</summary>
    public int RetryCount { get; }

    /// <summary>The longest delay before the first retry.</summary>
    public TimeSpan BaseDelay { get; }

    /// <summary>The longest delay of all: a minute, or <see cref="BaseDelay"/> if that is longer.</summary>
    public TimeSpan Cap { get; }

    /// <summary>Whether an item that failed may be tried again.</summary>
    public bool AllowsAnother(int attemptsMade) => attemptsMade <= RetryCount;

    /// <summary>How long to wait before the next attempt.</summary>
    /// <param name="failedAttempts">How many attempts have failed, from 1.</param>
    /// <param name="random">Gives a number from 0 up to, but not including, 1; called once.</param>
    /// <returns>A time between zero and the least of <see cref="Cap"/> and <see cref="BaseDelay"/> x 2^(<paramref name="failedAttempts"/> - 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="failedAttempts"/> is below 1.</exception>
    public TimeSpan NextDelay(int failedAttempts, Func<double> random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failedAttempts, 1);

        // In floating point, where doubling too often ends at infinity and not below zero.
        double ceiling = Math.Min(Cap.Ticks, Math.ScaleB(BaseDelay.Ticks, failedAttempts - 1));
        return TimeSpan.FromTicks((long)(ceiling * random()));
    }
}
