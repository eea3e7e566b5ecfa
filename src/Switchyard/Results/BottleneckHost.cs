using Switchyard.Core.Analysis.Machines;

namespace Switchyard;

/// <summary>What was measured of a machine that <c>-HostName</c> names, and what it is expected to do.</summary>
public sealed class BottleneckHost
{
    private const double Million = 1e6;

    internal BottleneckHost(HostEstimate estimate)
    {
        HostFigures host = estimate.Host;
        HostName = host.Name;
        Pays = estimate.Pays;
        Cores = host.Cores;
        Workers = host.Workers;
        ExpectedPerSecond = Math.Round(estimate.Rate, 2);
        Speed = estimate.Speed is { } speed ? Math.Round(speed, 2) : null;
        RoundTrip = host.RoundTripSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        SendMBPerSecond = PerSecond(host.SendRate);
        ReceiveMBPerSecond = PerSecond(host.ReceiveRate);
        StartTime = host.StartUp;
        SampledCount = host.ItemCount;
        FailedCount = host.FailedCount;
    }

    /// <summary>The machine, as -HostName names it.</summary>
    public string HostName { get; }

    /// <summary>Whether it adds enough to be used.</summary>
    public bool Pays { get; }

    /// <summary>How many cores it has, as it tells.</summary>
    public int Cores { get; }

    /// <summary>How many workers it would have.</summary>
    public int Workers { get; }

    /// <summary>Items a second that it is expected to do with all its workers.</summary>
    public double ExpectedPerSecond { get; }

    /// <summary>How many times as fast as here an item runs there; null if too few were run to tell.</summary>
    public double? Speed { get; }

    /// <summary>What an item takes there and back that does nothing; null if it was not measured.</summary>
    public TimeSpan? RoundTrip { get; }

    /// <summary>Million bytes a second that a worker's connection carries there; null if it was not measured.</summary>
    public double? SendMBPerSecond { get; }

    /// <summary>Million bytes a second that a worker's connection carries back; null if it was not measured.</summary>
    public double? ReceiveMBPerSecond { get; }

    /// <summary>How long a worker took to start there.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>How many items were run there, and are used up.</summary>
    public int SampledCount { get; }

    /// <summary>How many of them failed.</summary>
    public int FailedCount { get; }

    /// <summary>The machine and whether it pays.</summary>
    /// <returns>For example <c>node1: 190 items/s</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{HostName}: {ExpectedPerSecond} items/s");

    private static double? PerSecond(double? bytes) => bytes is { } rate ? Math.Round(rate / Million, 2) : null;
}
