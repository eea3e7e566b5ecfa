namespace Switchyard.Core.Journal;

/// <summary>The line that a run ends with, if it was there to write it.</summary>
/// <param name="Reason">Why it ended, such as <c>Completed</c>.</param>
/// <param name="EndedAt">When, in UTC.</param>
/// <param name="Read">How many items it read.</param>
/// <param name="Succeeded">How many succeeded in it.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="DoneBefore">How many were not run, as they had succeeded before.</param>
public sealed record JournalRunEnd(string Reason, DateTimeOffset EndedAt, long Read, long Succeeded, long Failed, long DoneBefore);
