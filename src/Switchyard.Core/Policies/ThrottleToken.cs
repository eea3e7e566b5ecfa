namespace Switchyard.Core.Policies;

/// <summary>
/// What <see cref="AutoThrottle.Started"/> gives and <see cref="AutoThrottle.Finished"/> wants back: when the item started, and which
/// measurement it belongs to. That is negative if the measurement had enough items before.
/// </summary>
internal readonly record struct ThrottleToken(long Start, int Cohort);
