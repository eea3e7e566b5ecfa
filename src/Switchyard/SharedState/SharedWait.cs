using Switchyard.Core.SharedState.Objects;
using Switchyard.Engine;

namespace Switchyard.SharedState;

/// <summary>Waiting for shared objects in a session: it gives way to Ctrl+C.</summary>
internal static class SharedWait
{
    // More than anyone waits on purpose.
    private const double MaxSeconds = 2_000_000_000;

    public static WaitLimit Endless => Of(Timeout.InfiniteTimeSpan);

    /// <summary>For some time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static WaitLimit Of(TimeSpan timeout) => timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan
        ? throw new ArgumentOutOfRangeException(nameof(timeout), Messages.TimeoutNotAllowed)
        : new WaitLimit(timeout, EngineBlocks.IsStopping);

    /// <summary>For some time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative otherwise.</exception>
    public static WaitLimit Of(double seconds) => seconds == -1 ? Endless
        : seconds is >= 0 and <= MaxSeconds ? Of(TimeSpan.FromSeconds(seconds))
        : throw new ArgumentOutOfRangeException(nameof(seconds), Messages.TimeoutNotAllowed);

    /// <summary>Stops the pipeline that a wait gave way to the end of.</summary>
    public static PipelineStoppedException Stopped() => new();

    /// <summary>The error of a wait that timed out.</summary>
    public static TimeoutException TimedOut(SharedObject what, string happened, in WaitLimit limit) =>
        new(MessageText.Format(Messages.WaitWasInVain, what, happened, limit.Timeout.TotalSeconds));
}
