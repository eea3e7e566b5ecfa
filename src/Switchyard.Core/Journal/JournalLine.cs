namespace Switchyard.Core.Journal;

/// <summary>One line of a journal: exactly one of these is there.</summary>
/// <param name="Run">A run begins.</param>
/// <param name="Entry">An item has ended.</param>
/// <param name="End">A run has ended.</param>
public readonly record struct JournalLine(JournalRun? Run, JournalEntry? Entry, JournalRunEnd? End);
