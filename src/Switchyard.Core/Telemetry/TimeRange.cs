namespace Switchyard.Core.Telemetry;

/// <summary>A time that is not known exactly.</summary>
internal readonly record struct TimeRange(TimeSpan Low, TimeSpan High);
