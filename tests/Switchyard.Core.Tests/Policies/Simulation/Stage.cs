namespace Switchyard.Core.Policies.Simulation;

/// <summary>A part of an item's life.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Seconds">How long that takes if it is alone.</param>
internal readonly record struct Stage(StageKind Kind, double Seconds);
