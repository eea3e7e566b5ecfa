namespace Switchyard.Core.Journal.Lines;

/// <summary>One line of a journal: exactly one of these is there.</summary>
internal readonly record struct JournalLine(JournalRun? Run, JournalEntry? Entry, JournalRunEnd? End);
