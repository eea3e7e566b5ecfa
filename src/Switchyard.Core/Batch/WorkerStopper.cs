using System.Diagnostics;

namespace Switchyard.Core.Batch;

/// <summary>
/// Ends workers that may not want to end: lets them leave, asks, interrupts, then leaves them behind. Each step waits as long as workers
/// keep ending, so a crowd on a busy machine is not mistaken for a deaf one.
/// </summary>
internal static class WorkerStopper
{
    private static readonly TimeSpan _leavePatience = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan AskGracePeriod = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan InterruptGracePeriod = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(1500);

    /// <summary>Ends all workers of a run that is over.</summary>
    /// <param name="slots">The workers; no more will be added.</param>
    /// <param name="changed">Pulsed whenever one has ended.</param>
    /// <param name="timeout">How long one may need to stop what it runs.</param>
    /// <param name="isComplete">Whether all items were done: then workers that are still being opened are in nobody's way.</param>
    public static void Stop(WorkerThread[] slots, object changed, TimeSpan timeout, bool isComplete)
    {
        long latest = Stopwatch.GetTimestamp() + ToTicks(timeout + _longest);
        if (WaitWhileEnding(slots, changed, _leavePatience, latest))
        {
            return;
        }

        foreach (WorkerThread slot in slots)
        {
            slot.BeginStop();
        }

        if (WaitWhileEnding(slots, changed, timeout + AskGracePeriod, latest))
        {
            return;
        }

        foreach (WorkerThread slot in slots)
        {
            slot.Interrupt();
        }

        if (WaitWhileEnding(slots, changed, isComplete ? _longest : InterruptGracePeriod, latest))
        {
            return;
        }

        foreach (WorkerThread slot in slots)
        {
            if (slot.Phase is SlotPhase.Opening or SlotPhase.Running)
            {
                slot.LeaveBehind();
            }
        }

        // The others have left their item and are only being put away.
        WorkerThread[] leaving = [.. slots.Where(slot => slot.Phase == SlotPhase.Idle)];
        WaitWhileEnding(leaving, changed, _longest, latest);
    }

    private static bool WaitWhileEnding(WorkerThread[] slots, object changed, TimeSpan timeout, long latest)
    {
        lock (changed)
        {
            int alive = CountAlive(slots);
            long lastEnd = Stopwatch.GetTimestamp();
            while (alive > 0)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(lastEnd);
                TimeSpan leftInAll = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), latest);
                if (leftInAll < left)
                {
                    left = leftInAll;
                }

                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(changed, left);
                int nowAlive = CountAlive(slots);
                if (nowAlive < alive)
                {
                    alive = nowAlive;
                    lastEnd = Stopwatch.GetTimestamp();
                }
            }

            return true;
        }
    }

    private static long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static int CountAlive(WorkerThread[] slots) => slots.Count(slot => slot.Phase != SlotPhase.Ended);
}
