namespace Switchyard.Core.Telemetry;

/// <summary>How far a run is, at one moment.</summary>
/// <param name="Waiting">Items that wait for another attempt.</param>
/// <param name="Total">How many items the caller expects: a hint, which may be wrong; null if none was given.</param>
internal readonly record struct RunProgress(long Read, long Done, long Failed, int Running, int Waiting, TimeSpan Elapsed, long? Total)
{
    /// <summary>What runs and what waits; null if that was not looked at.</summary>
    public RunLoad? Load { get; init; }

    /// <summary><see cref="Total"/>, unless what was read already proves it wrong.</summary>
    public long? TrustedTotal => Total > 0 && Total >= Read && Total >= Done ? Total : null;
}
