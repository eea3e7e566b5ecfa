using System.Management.Automation;
using Switchyard.Engine;

using Switchyard.Core.SharedState;
namespace Switchyard.SharedState;

/// <summary>Waiting for shared objects in a session: it gives way to Ctrl+C.</summary>
internal static class SharedWait
{
    // Beyond any wait that anybody means.
    private const double MaxSeconds = 2_000_000_000;

    /// <summary>As long as it takes.</summary>
    public static WaitLimit Endless => Of(Timeout.InfiniteTimeSpan);

    /// <summary>For some time.</summary>
    /// <param name="timeout">How long; -1 ms for as long as it takes.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static WaitLimit Of(TimeSpan timeout) => timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan
        ? throw new ArgumentOutOfRangeException(nameof(timeout), Messages.TimeoutNotAllowed)
        : new WaitLimit(timeout, EngineBodies.IsStopping);

    /// <summary>For some time.</summary>
    /// <param name="seconds">How long; -1 for as long as it takes.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative otherwise.</exception>
    public static WaitLimit Of(double seconds) => seconds == -1 ? Endless
        : seconds is >= 0 and <= MaxSeconds ? Of(TimeSpan.FromSeconds(seconds))
        : throw new ArgumentOutOfRangeException(nameof(seconds), Messages.TimeoutNotAllowed);

    /// <summary>Stops the pipeline that a wait gave way to the end of.</summary>
    /// <returns>What ends it.</returns>
    public static PipelineStoppedException Stopped() => new();

    /// <summary>Says that a wait was in vain.</summary>
    /// <param name="what">What was waited for.</param>
    /// <param name="happened">What it did not do, such as <c>had no room</c>.</param>
    /// <param name="limit">How long.</param>
    /// <returns>The exception.</returns>
    public static TimeoutException TimedOut(SharedObject what, string happened, in WaitLimit limit) =>
        new(MessageText.Format(Messages.WaitWasInVain, what, happened, limit.Timeout.TotalSeconds));
}
