namespace Switchyard.Core.Policies;

/// <summary>
/// Decides whether one more worker earns its start. Opening a worker costs milliseconds and megabytes: a batch of trivial items
/// is over before its thirtieth worker is ready, a batch of waiting items needs it at once.
/// </summary>
public static class WorkerGrowth
{
    /// <summary>Compares what waits with what a worker costs.</summary>
    /// <param name="queued">Items that wait and no worker is free for.</param>
    /// <param name="itemTicks">Time an item takes, in ticks of any clock; 0 if none has ended and nothing is known.</param>
    /// <param name="workers">Workers that run or are being opened.</param>
    /// <param name="openTicks">Time it takes to open a worker, in ticks of the same clock.</param>
    /// <returns>True if the backlog would take the present workers longer than the start of one more.</returns>
    public static bool IsWorthwhile(int queued, long itemTicks, int workers, long openTicks)
    {
        if (queued <= 0)
        {
            return false;
        }

        // Nothing has ended yet: waiting to find out would cost slow items most, and those are what a pool is for.
        return workers == 0 || itemTicks <= 0 || (double)queued * itemTicks / workers > openTicks;
    }
}
