namespace Switchyard.Core.Policies;

/// <summary>What running at one limit was like.</summary>
/// <param name="Throughput">Items per second.</param>
/// <param name="Latency">Mean time an item took, in seconds.</param>
/// <param name="Cpu">Mean CPU time an item's thread used, in seconds; 0 if unknown.</param>
/// <param name="Duration">How long was measured, in seconds.</param>
internal readonly record struct ThrottleMeasurement(
    int Limit, double Throughput, double Latency, double Cpu, double Occupancy, double Error, double Duration)
{
    /// <summary>Mean time that an item was ready to run while others had the cores, in seconds; 0 if unknown.</summary>
    public double RunQueue { get; init; }

    /// <summary>Mean time that the garbage collector had stopped an item, in seconds; its own thread may have been the one that collected.</summary>
    public double Paused { get; init; }

    /// <summary>What the quickest item took, in seconds; 0 if unknown.</summary>
    public double Quickest { get; init; }

    /// <summary>Whether places were empty for lack of input: then the input was measured, not the limit.</summary>
    public bool IsStarved => Occupancy < 0.85;

    /// <summary>Share of the time in which an item used the CPU, 0 to 1. The time that it waited for a core is none of its own.</summary>
    public double CpuShare => Latency > 0 ? Cpu / Math.Max(Math.Max(Cpu, 1e-9), Latency - RunQueue - Paused) : 0;

    /// <summary>Whether the machine is busy with something else: on a quiet one, no more workers than cores wait for a core.</summary>
    public bool IsContended => RunQueue > 0.2 * Latency;

    /// <summary>Whether this differs from an earlier measurement of the same limit by more than chance explains.</summary>
    public bool IsUnlike(in ThrottleMeasurement old)
    {
        double tolerance = 1.2 + (2 * Math.Max(Error, old.Error));
        double change = Throughput / old.Throughput;
        return change > tolerance || change < 1 / tolerance || HasOtherCpu(old, 2 * tolerance);
    }

    /// <summary>Whether the items use another amount of CPU than before.</summary>
    public bool HasOtherCpu(in ThrottleMeasurement old, double factor) => Cpu > old.Cpu * factor || Cpu < old.Cpu / factor;

    /// <summary>This, steadied by an earlier measurement of the same limit.</summary>
    public ThrottleMeasurement BlendedWith(in ThrottleMeasurement old) => this with
    {
        Throughput = (old.Throughput + Throughput) / 2,
        Error = Math.Max(old.Error, Error) / Math.Sqrt(2),
    };
}
