namespace Switchyard.Core.Journal.Lines;

internal sealed class EndLine
{
    public string Event { get; } = JournalJson.EndEvent;

    public string? Reason { get; set; }

    public DateTime Ended { get; set; }

    public long Read { get; set; }

    public long Succeeded { get; set; }

    public long Failed { get; set; }

    public long DoneBefore { get; set; }

    public static EndLine Of(JournalRunEnd end) => new()
    {
        Reason = end.Reason,
        Ended = end.EndedAt.UtcDateTime,
        Read = end.Read,
        Succeeded = end.Succeeded,
        Failed = end.Failed,
        DoneBefore = end.DoneBefore,
    };

    public JournalRunEnd ToEnd() => new(Reason ?? string.Empty, Ended.ToUniversalTime(), Read, Succeeded, Failed, DoneBefore);
}
