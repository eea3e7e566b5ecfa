namespace Switchyard.Core.Journal;

/// <summary>What one worker did over the runs of a journal.</summary>
/// <param name="WorkerId">Its number.</param>
/// <param name="Items">How many items it ended.</param>
/// <param name="BusyTime">How long those ran.</param>
public sealed record WorkerShare(int WorkerId, long Items, TimeSpan BusyTime);
