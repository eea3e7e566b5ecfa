namespace Switchyard.Core.Policies;

/// <summary>What <see cref="AutoThrottle.Started"/> gives and <see cref="AutoThrottle.Finished"/> wants back.</summary>
/// <param name="Start">When the item started, in clock ticks.</param>
/// <param name="Cohort">Which measurement the item belongs to; negative if it started after that one had enough.</param>
public readonly record struct ThrottleToken(long Start, int Cohort);
