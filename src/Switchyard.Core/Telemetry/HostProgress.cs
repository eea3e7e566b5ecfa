namespace Switchyard.Core.Telemetry;

/// <summary>How far a run is on one of its machines, at one moment.</summary>
/// <param name="Workers">How many workers it has there.</param>
/// <param name="Done">How many items have ended there.</param>
/// <param name="IsLost">Whether it cannot be reached for now.</param>
internal readonly record struct HostProgress(string Name, int Workers, long Done, bool IsLost);
