namespace Switchyard.Core.Probes;

/// <summary>
/// How much more all cores compute together than one alone, right now. Cores that share a unit, a throttled machine and what others run on it
/// make that less than the number of cores.
/// </summary>
internal static class MachineCapacity
{
    private const int Tries = 5;

    // Long against a switch of threads, short against a person's timeout.
    private static readonly TimeSpan _usual = TimeSpan.FromMilliseconds(8);

    /// <summary>Measures this machine, in about 80 ms.</summary>
    /// <returns>The ratio of the rates; between 1 and the number of cores.</returns>
    public static double Measure() => Environment.ProcessorCount is var cores and > 1 ? Measure(cores, _usual) : 1;

    /// <summary>Measures: plain arithmetic on one thread, then on all cores at once.</summary>
    /// <returns>The ratio of the rates; between 1 and <paramref name="cores"/>.</returns>
    public static double Measure(int cores, TimeSpan each)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        long ticks = (long)(each.TotalSeconds * Stopwatch.Frequency);

        // What others do in between makes either slower, and none faster: the best of some tries is what the machine can do.
        double alone = 0;
        double all = 0;
        for (int i = 0; i < Tries; i++)
        {
            alone = Math.Max(alone, Spin(ticks));
            all = Math.Max(all, SpinOnAll(cores, ticks));
        }

        return Math.Clamp(all / alone, 1, cores);
    }

    private static double SpinOnAll(int cores, long ticks)
    {
        double[] together = new double[cores];
        using Barrier start = new(cores);
        Thread[] threads = [.. Enumerable.Range(0, cores).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            together[i] = Spin(ticks);
        }) { IsBackground = true, Name = "Switchyard capacity" })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return together.Sum();
    }

    private static double Spin(long ticks)
    {
        long start = Stopwatch.GetTimestamp();
        long rounds = 0;
        uint value = 1;
        long now;
        do
        {
            for (int i = 0; i < 2_000; i++)
            {
                value = (value * 1_664_525) + 1_013_904_223;
            }

            rounds += value == 0 ? 2 : 1;
            now = Stopwatch.GetTimestamp();
        }
        while (now - start < ticks);

        return (double)rounds / (now - start);
    }
}
