namespace Switchyard.Core.Gauges;

/// <summary>
/// How fast a counter of a thread's cycles runs. That is no constant of the machine: on some it follows the core's frequency. So it is measured against the
/// wall clock while the thread computes, for some 0.1 ms, and again after a second. For any thread.
/// </summary>
/// <param name="readCycles">What the calling thread has used.</param>
/// <param name="frequency">Ticks of the wall clock in a second.</param>
internal sealed class CycleRate(Func<ulong> readCycles, Func<long> readClock, long frequency)
{
    private const int Tries = 5;

    private readonly long _try = Math.Max(1, frequency / 50_000);
    private long _next = long.MinValue;
    private double _perTick;

    /// <summary>Cycles in a tick of <see cref="TimeSpan"/>.</summary>
    public double PerTick
    {
        get
        {
            long next = Volatile.Read(ref _next);
            long now = readClock();
            return now < next ? Volatile.Read(ref _perTick) : Measure(now, next);
        }
    }

    private double Measure(long now, long due)
    {
        // A try in which the thread lost its core counts too few: the fastest is the one that did not.
        double best = 1;
        for (int i = 0; i < Tries; i++)
        {
            long start = readClock();
            ulong before = readCycles();
            long end;
            do
            {
                end = readClock();
            }
            while (end - start < _try);

            best = Math.Max(best, (readCycles() - before) / ((double)(end - start) / frequency * TimeSpan.TicksPerSecond));
        }

        Volatile.Write(ref _perTick, best);
        Interlocked.CompareExchange(ref _next, now + frequency, due);
        return best;
    }
}
