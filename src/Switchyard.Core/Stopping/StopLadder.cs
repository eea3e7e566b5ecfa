namespace Switchyard.Core.Stopping;

/// <summary>
/// The steps by which anything that may not want to stop is stopped: ask, interrupt, abandon. Its owner decides when the grace period
/// of a step is over, and whether the next one is still needed.
/// </summary>
/// <param name="gracePeriod">How long what is stopped may need after it was asked, on top of <see cref="AskGracePeriod"/>.</param>
/// <param name="abandon">Goes on without it; null where the caller has other means.</param>
internal sealed class StopLadder(TimeSpan gracePeriod, Action ask, Action interrupt, Action? abandon)
{
    /// <summary>How long a worker that is about to leave by itself may take.</summary>
    public static readonly TimeSpan LeaveGracePeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>How long it may take to stop when asked.</summary>
    public static readonly TimeSpan AskGracePeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>How long it may take to stop when interrupted.</summary>
    public static readonly TimeSpan InterruptGracePeriod = TimeSpan.FromMilliseconds(300);

    /// <summary>The most that all steps may take together, without its own grace period.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1500);

    private int _stepsTaken;

    /// <summary>The next step; null if all were taken.</summary>
    public StopStep? Next => _stepsTaken <= (int)StopStep.Abandon ? (StopStep)_stepsTaken : null;

    /// <summary>How long to wait after the next step before the one after it.</summary>
    public TimeSpan NextGracePeriod => Next switch
    {
        StopStep.Ask => gracePeriod + AskGracePeriod,
        StopStep.Interrupt => InterruptGracePeriod,
        _ => TimeSpan.Zero,
    };

    /// <summary>Takes the next step, if there is one. A step that blocks does not keep another thread from taking the one after it.</summary>
    public void TakeStep()
    {
        switch (Interlocked.Increment(ref _stepsTaken) - 1)
        {
            case (int)StopStep.Ask:
                ask();
                break;
            case (int)StopStep.Interrupt:
                interrupt();
                break;
            case (int)StopStep.Abandon:
                abandon?.Invoke();
                break;
        }
    }
}
