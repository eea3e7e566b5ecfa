namespace Switchyard.Core.Policies;

/// <summary>
/// Decides whether one more worker pays for its start. Opening one costs milliseconds and megabytes: a batch of trivial items is over
/// before its thirtieth worker is ready, a batch of items that wait needs it at once.
/// </summary>
internal static class WorkerGrowth
{
    /// <summary>Whether the backlog would take the present workers longer than the start of one more. No item time is known as 0.</summary>
    public static bool IsWorthwhile(int queued, long itemTicks, int workers, long openTicks)
    {
        if (queued <= 0)
        {
            return false;
        }

        // While no item has ended: slow items would lose most by waiting for a figure, and a pool is for those.
        return workers == 0 || itemTicks <= 0 || (double)queued * itemTicks / workers > openTicks;
    }
}
