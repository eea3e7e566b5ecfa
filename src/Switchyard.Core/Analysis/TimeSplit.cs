namespace Switchyard.Core.Analysis;

/// <summary>An item's time by kinds, which add up to all of it.</summary>
internal sealed class TimeSplit
{
    private static readonly TimeKind[] _kinds = Enum.GetValues<TimeKind>();

    private readonly double[] _shares;

    private TimeSplit(double[] shares) => _shares = shares;

    /// <summary>The share of a kind; 0 to 1. All of them make 1.</summary>
    public double this[TimeKind kind] => _shares[(int)kind];

    /// <summary>The kinds, in the order in which they are shown.</summary>
    public static IReadOnlyList<TimeKind> Kinds => _kinds;

    /// <summary>
    /// Splits an interval of time. Clocks that do not agree to the last microsecond never make more than the whole: what is measured best comes
    /// first, and what is left over is waiting.
    /// </summary>
    public static TimeSplit Of(WorkTimes times)
    {
        double[] shares = new double[_kinds.Length];
        if (times.Wall <= TimeSpan.Zero)
        {
            shares[(int)TimeKind.Wait] = 1;
            return new TimeSplit(shares);
        }

        // A collection is mostly run by the thread that needs memory: its processor time is in that thread's, and is taken off there.
        TimeSpan own = times.Cpu - TimeSpan.FromTicks(Math.Min(times.Cpu.Ticks, times.GarbageCollection.Ticks));
        double left = 1;
        Take(TimeKind.GarbageCollection, times.GarbageCollection);
        Take(TimeKind.Cpu, own);
        Take(TimeKind.RunQueue, times.RunQueue);
        Take(TimeKind.Lock, times.Lock);
        Take(TimeKind.ChildProcess, times.ChildCpu);
        Take(TimeKind.Disk, times.Disk);

        // While helpers computed, the thread waited for them.
        Take(TimeKind.Cpu, times.HelperCpu);
        shares[(int)TimeKind.Wait] = left;
        return new TimeSplit(shares);

        void Take(TimeKind kind, TimeSpan time)
        {
            double share = Math.Clamp(time / times.Wall, 0, left);
            shares[(int)kind] += share;
            left -= share;
        }
    }
}
