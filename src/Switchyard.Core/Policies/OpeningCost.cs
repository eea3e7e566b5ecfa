namespace Switchyard.Core.Policies;

/// <summary>
/// Tells how many workers are worth opening for what is left to run. Each costs processor time, to be opened and because what its first item needs is compiled and loaded
/// for it; and each saves less than the one before. Not thread-safe.
/// </summary>
/// <remarks>
/// With n workers, of c seconds each, W seconds of items take W / n + n c / cores: least at n = sqrt(W cores / c). What was opened is paid for, so the same holds at any
/// time for what is left.
/// </remarks>
internal sealed class OpeningCost(int cores)
{
    // A measured gain is certain only to a share, and what a trial costs is lost if it does not pay.
    private const double TrialMargin = 1.5;

    private double _seconds;
    private int _paid;
    private double _left = double.PositiveInfinity;

    /// <summary>How many workers there are.</summary>
    public int Opened { get; private set; }

    /// <summary>Processor time that one has cost, in seconds; 0 if that is not known.</summary>
    public double PerWorker => _paid > 0 ? _seconds / _paid : 0;

    /// <summary>Takes what has happened since the last time.</summary>
    /// <param name="cpuSeconds">Processor time of the process but for items that were no worker's first.</param>
    /// <param name="opened">How many workers have begun their first item.</param>
    /// <param name="left">How many items are expected to be left.</param>
    public void Note(double cpuSeconds, int opened, bool isOpening, double left)
    {
        _left = left;
        if (Opened > 0 && (isOpening || opened > Opened))
        {
            // The very first has paid for what all of them share.
            _seconds += Math.Max(0, cpuSeconds);
            _paid += Math.Max(0, opened - Opened);
        }

        Opened = Math.Max(Opened, opened);
    }

    /// <summary>How many workers are worth having in all, for items of a latency in seconds.</summary>
    public int MostFor(double latency)
    {
        double most = PerWorker > 0 && latency > 0 ? Math.Sqrt(_left * latency * cores / PerWorker) : double.PositiveInfinity;
        return (int)Math.Max(Opened, Math.Min(int.MaxValue, most));
    }

    /// <summary>Whether it may pay to go on with more.</summary>
    /// <param name="rate">Items a second of those that there are.</param>
    /// <param name="cpuShare">The share of the cores that they use: no more can be had of what is used up.</param>
    public bool MayPay(int from, int to, double rate, double cpuShare)
    {
        if (to <= Opened || PerWorker <= 0 || rate <= 0)
        {
            return true;
        }

        double most = Math.Min((double)to / from, 1 / Math.Clamp(cpuShare, 1e-3, 1));
        return _left / rate * (1 - (1 / most)) >= TrialMargin * (to - Opened) * PerWorker / cores;
    }
}
