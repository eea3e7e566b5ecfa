namespace Switchyard.Core.Telemetry;

/// <summary>What a run has at work and before it, at one moment.</summary>
/// <param name="Ended">How many items have ended that were run.</param>
/// <param name="Running">The items that run.</param>
/// <param name="Read">What the items that were read weigh, as far as that is known; 0 if nothing is.</param>
/// <param name="Waiting">What of that was not started yet.</param>
/// <param name="Heaviest">The heaviest of those; 0 if there is none.</param>
internal sealed record RunLoad(long Ended, IReadOnlyList<RunningWork> Running, double Read, double Waiting, double Heaviest);
