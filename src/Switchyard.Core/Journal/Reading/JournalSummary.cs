namespace Switchyard.Core.Journal.Reading;

internal sealed record JournalSummary
{
    /// <summary>The last run; null if none has begun.</summary>
    public JournalRun? LastRun { get; init; }

    /// <summary>How the last run ended; null if it did not say.</summary>
    public JournalRunEnd? LastEnd { get; init; }

    public int Runs { get; init; }

    /// <summary>When the first began, in UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last event was, in UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>How long the runs took together, without the time between them.</summary>
    public TimeSpan ActiveTime { get; init; }

    public long Succeeded { get; init; }

    /// <summary>How many failed, crashed or timed out, and have not been run since.</summary>
    public long Failed { get; init; }

    /// <summary>How many were interrupted, and have not been run since.</summary>
    public long Canceled { get; init; }

    /// <summary>The items that took longest, the longest first, and the number of each one's run.</summary>
    public IReadOnlyList<(JournalEntry Entry, int Run)> Slowest { get; init; } = [];

    public IReadOnlyList<WorkerShare> Workers { get; init; } = [];
}
