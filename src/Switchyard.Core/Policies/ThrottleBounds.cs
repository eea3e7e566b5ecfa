namespace Switchyard.Core.Policies;

/// <summary>
/// What no limit can exceed, by operational analysis (Denning and Buzen, 1978): it spares trials that cannot pay. Throughput is at
/// most cores / CPU time of an item (utilisation law), and at a limit of n at most n / the lowest latency of an item.
/// </summary>
internal sealed class ThrottleBounds(int cores, int ceiling)
{
    // Above the knee, as waits and CPU use do not mesh perfectly: the less there is of waiting, the less there is to mesh.
    private const double KneeMargin = 2;
    private const double MeshMargin = 4;

    // With this share of the cores a process is slowed down by what it does itself, such as compiling, and not by others.
    private const double AlmostAll = 0.85;

    // With so many workers for each core, a machine with as many others at work as it has cores gives nine tenths of what it could.
    private const double Contended = 8;

    // A floor rises by this factor with each measurement, so that it does not outlive what it was measured on.
    private const double Fading = 1.01;

    /// <summary>How much slower even the quickest item has to be than it was, for all of them to stand in a queue.</summary>
    public const double Queued = 1.5;

    private double _latencyFloor;
    private double _quickest;
    private double _waitFloor;
    private int _floorLimit;
    private bool _isContended;

    /// <summary>The lowest mean latency of an item lately, in seconds; 0 if unknown.</summary>
    public double LatencyFloor => _latencyFloor;

    /// <summary>The utilisation law's knee, cores x (1 + wait / CPU), with a margin; the ceiling if nothing is known.</summary>
    /// <remarks>
    /// Where the machine is busy with something else more threads get a larger share of the cores, so the law does not tell what pays.
    /// </remarks>
    public int Highest => _waitFloor > 0
        ? (int)Math.Clamp(cores * Math.Max(Math.Min(KneeMargin * _waitFloor, 1 + (MeshMargin * (_waitFloor - 1))), _isContended ? Contended : 0), Math.Min(cores, ceiling), ceiling)
        : ceiling;

    /// <param name="processCpuShare">The share of the cores that the process has used.</param>
    public void Note(in ThrottleMeasurement m, double processCpuShare)
    {
        if (m.Latency <= 0)
        {
            return;
        }

        // A few short items by chance must not pass for what the work is like.
        double latency = m.Latency * (1 + m.Error);
        if (_latencyFloor <= 0 || m.Limit < _floorLimit)
        {
            _floorLimit = m.Limit;
        }

        _latencyFloor = Fade(_latencyFloor, latency);
        _quickest = m.Quickest > 0 ? Fade(_quickest, m.Quickest) : _quickest;
        if (m.Cpu > 0)
        {
            _waitFloor = Fade(_waitFloor, Math.Max(1, (latency - m.RunQueue - m.Paused) / m.Cpu));
            _isContended = m.Limit <= cores ? m.IsContended && processCpuShare < AlmostAll : _isContended;
        }
    }

    public void Forget(bool cpuToo)
    {
        _latencyFloor = _quickest = 0;
        if (cpuToo)
        {
            _waitFloor = 0;
        }
    }

    /// <summary>Whether items may wait for one another at a measured limit, so that fewer could do as much.</summary>
    public bool MayQueue(int limit, in ThrottleMeasurement m) =>
        limit < _floorLimit || m.Quickest <= 0 || m.Quickest > Queued * _quickest;

    /// <summary>Whether the cores would allow so much throughput, in items per second.</summary>
    public bool CoresAllow(double throughput, double cpu) => cpu <= 0 || cores / cpu >= throughput;

    /// <summary>Whether so few places may give so much throughput, in items per second.</summary>
    public bool PlacesAllow(int limit, double throughput, double cpu)
    {
        // Below what was measured, latency may be lower than ever seen, but not lower than the CPU time.
        double floor = limit >= _floorLimit ? _latencyFloor : Math.Min(cpu, _latencyFloor);
        return floor <= 0 || limit / floor >= throughput;
    }

    private static double Fade(double floor, double value) => floor > 0 ? Math.Min(floor * Fading, value) : value;
}
