namespace Switchyard.Core.Analysis.Machines;

/// <summary>What a machine is expected to do.</summary>
/// <param name="Speed">How many times as fast as here an item runs there; null if that was not measured, and is taken to be 1.</param>
/// <param name="Rate">Items a second with all its workers.</param>
/// <param name="IsLinkTheLimit">Whether it could do more if the way there carried more.</param>
/// <param name="Fails">Whether items fail there that do not fail here.</param>
/// <param name="Pays">Whether it adds enough to be used.</param>
internal sealed record HostEstimate(HostFigures Host, double? Speed, double Rate, bool IsLinkTheLimit, bool Fails, bool Pays);
