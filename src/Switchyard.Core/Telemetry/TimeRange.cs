namespace Switchyard.Core.Telemetry;

/// <summary>A time that is not known exactly.</summary>
/// <param name="Low">It is hardly shorter.</param>
/// <param name="High">It is hardly longer.</param>
public readonly record struct TimeRange(TimeSpan Low, TimeSpan High);
