using Switchyard.Core.Stopping;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// Stops the workers of a run that is over. Each step waits as long as workers keep ending, so many workers on a busy machine are not
/// mistaken for ones that do not listen.
/// </summary>
internal static class WorkerStopper
{
    /// <summary>Stops all workers, or abandons them.</summary>
    /// <param name="workers">The workers; no more will be added.</param>
    /// <param name="ended">Pulsed whenever one has ended.</param>
    /// <param name="isComplete">Whether all items were done: then workers that are still being opened get more time.</param>
    public static void Stop(WorkerThread[] workers, object ended, TimeSpan gracePeriod, bool isComplete)
    {
        long latest = Stopwatch.GetTimestamp() + (long)((gracePeriod + StopLadder.Longest).TotalSeconds * Stopwatch.Frequency);
        StopLadder ladder = new(
            gracePeriod,
            ask: () => Array.ForEach(workers, worker => worker.BeginStop()),
            interrupt: () => Array.ForEach(workers, worker => worker.Interrupt()),
            abandon: () => Array.ForEach(workers, worker => worker.Abandon()));
        TimeSpan grace = StopLadder.LeaveGracePeriod;
        while (!WaitWhileEnding(workers, ended, grace, latest) && ladder.Next is { } step)
        {
            grace = isComplete && step is StopStep.Interrupt ? StopLadder.Longest : ladder.NextGracePeriod;
            ladder.TakeStep();
        }

        // These have left their item and are only being disposed of.
        WaitWhileEnding([.. workers.Where(worker => worker.Phase == WorkerPhase.Leaving)], ended, StopLadder.Longest, latest);
    }

    private static bool WaitWhileEnding(WorkerThread[] workers, object ended, TimeSpan grace, long latest)
    {
        lock (ended)
        {
            int alive = CountAlive(workers);
            long lastEnd = Stopwatch.GetTimestamp();
            while (alive > 0)
            {
                TimeSpan left = grace - Stopwatch.GetElapsedTime(lastEnd);
                TimeSpan leftInAll = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), latest);
                if (leftInAll < left)
                {
                    left = leftInAll;
                }

                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(ended, left);
                int nowAlive = CountAlive(workers);
                if (nowAlive < alive)
                {
                    alive = nowAlive;
                    lastEnd = Stopwatch.GetTimestamp();
                }
            }

            return true;
        }
    }

    private static int CountAlive(WorkerThread[] workers) => workers.Count(worker => worker.Phase != WorkerPhase.Ended);
}
