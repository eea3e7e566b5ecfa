namespace Switchyard.Core.Journal;

/// <summary>The line that a run ends with, if it was there to write it.</summary>
/// <param name="EndedAt">When, in UTC.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="DoneBefore">How many were not run, as they had succeeded before.</param>
internal sealed record JournalRunEnd(string Reason, DateTimeOffset EndedAt, long Read, long Succeeded, long Failed, long DoneBefore);
