using System.Text.Json;
using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal.Lines;

/// <summary>An item has ended.</summary>
/// <remarks>Key and enums are texts here: a property with a converter would keep the generator from writing the line without metadata.</remarks>
internal sealed class ItemLine
{
    // The whole text of an item that succeeded is not needed again.
    internal const int MaxText = 4096;

    public string Event { get; } = JournalJson.ItemEvent;

    public string? Key { get; set; }

    public long Index { get; set; }

    public string? Status { get; set; }

    public bool? HandedOn { get; set; }

    public int? OfRun { get; set; }

    public string? Kind { get; set; }

    public string? Text { get; set; }

    public bool? Cut { get; set; }

    public string? Clixml { get; set; }

    public DateTime Started { get; set; }

    public DateTime Ended { get; set; }

    public double QueueMs { get; set; }

    public double RunMs { get; set; }

    public int? Group { get; set; }

    public int Attempts { get; set; }

    public int Worker { get; set; }

    public int? ExitCode { get; set; }

    public string? Output { get; set; }

    public KeptPlace? Kept { get; set; }

    public ErrorDescription? Error { get; set; }

    public static ItemLine Of(JournalEntry entry)
    {
        string text = entry.Item.Text ?? string.Empty;
        bool isCut = entry.Status is ItemStatus.Succeeded && text.Length > MaxText;
        return new ItemLine
        {
            Key = entry.Key.ToString(),
            Index = entry.Index,
            Status = entry.Status.ToString(),
            HandedOn = entry.IsTakenBack ? false : null,
            OfRun = entry.OfRun,
            Kind = entry.Item.Kind.ToString(),
            Text = JournalLineWriter.ToUnicode(isCut ? text[..MaxText] : text),
            Cut = isCut ? true : null,
            Clixml = JournalLineWriter.ToUnicode(entry.Item.Serialized),
            Started = entry.StartedAt.UtcDateTime,
            Ended = entry.EndedAt.UtcDateTime,
            QueueMs = Math.Round(entry.QueueTime.TotalMilliseconds, 3),
            RunMs = Math.Round(entry.Duration.TotalMilliseconds, 3),
            Group = entry.GroupSize > 1 ? entry.GroupSize : null,
            Attempts = entry.Attempts,
            Worker = entry.WorkerId,
            ExitCode = entry.ExitCode,
            Output = JournalLineWriter.ToUnicode(entry.OutputPath),
            Kept = entry.Kept,
            Error = entry.Error is { } error
                ? new ErrorDescription(JournalLineWriter.ToUnicode(error.Id)!, JournalLineWriter.ToUnicode(error.Message)!)
                : null,
        };
    }

    public JournalEntry ToEntry() => new()
    {
        Key = Key is not null && ItemKey.TryParse(Encoding.UTF8.GetBytes(Key), out ItemKey key) ? key : throw new JsonException(Messages.JournalItemWithoutEnd),
        Index = Index,
        Status = Status is null ? throw new JsonException(Messages.JournalItemWithoutEnd) : ToEnum<ItemStatus>(Status),
        Item = new ItemDescription(Kind is null ? default : ToEnum<ItemKind>(Kind), Text ?? string.Empty, Clixml),
        IsTakenBack = HandedOn == false,
        OfRun = OfRun,
        Kept = Kept,
        IsCut = Cut == true,
        StartedAt = Started.ToUniversalTime(),
        EndedAt = Ended.ToUniversalTime(),
        QueueTime = ToTime(QueueMs),
        Duration = ToTime(RunMs),
        GroupSize = Math.Max(1, Group ?? 1),
        Attempts = Attempts,
        WorkerId = Worker,
        ExitCode = ExitCode,
        OutputPath = Output,
        Error = Error,
    };

    private static TEnum ToEnum<TEnum>(string name)
        where TEnum : struct, Enum =>
        Enum.TryParse(name, out TEnum value) && Enum.IsDefined(value) ? value : throw new JsonException(Messages.JournalNameUnknown);

    private static TimeSpan ToTime(double milliseconds) => milliseconds < TimeSpan.MaxValue.TotalMilliseconds
        ? TimeSpan.FromTicks((long)Math.Round(milliseconds * 1000) * TimeSpan.TicksPerMicrosecond)
        : throw new JsonException(Messages.JournalTime);
}
