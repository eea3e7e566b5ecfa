using Switchyard.Core.Protocol;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>What ends an item's last chunk: what its result says besides what it wrote.</summary>
internal static class KeptEnd
{
    public static void Write(WireWriter writer, ItemAttempt attempt, JournalEntry entry)
    {
        writer.WriteByte((byte)RecordKind.End);
        int start = writer.BeginPart();
        writer.WriteCount(entry.Attempts);
        writer.WriteCount(entry.WorkerId);
        writer.WriteSigned(entry.Duration.Ticks);
        writer.WriteSigned(entry.QueueTime.Ticks);
        WriteOptional(writer, attempt.Account.CpuTime?.Ticks);
        WriteOptional(writer, entry.ExitCode);
        writer.WriteString(attempt.End.HostName);
        writer.WriteString(entry.OutputPath);
        writer.EndPart(start);
    }

    public static ItemResult Read(WireReader reader, in BatchItem item, CollectedOutput collected)
    {
        int attempts = reader.ReadCount(0);
        int worker = reader.ReadCount(0);
        TimeSpan duration = TimeSpan.FromTicks(reader.ReadSigned());
        TimeSpan queueTime = TimeSpan.FromTicks(reader.ReadSigned());
        long? cpuTicks = ReadOptional(reader);
        return new ItemResult
        {
            Index = item.Index,
            Input = item.Input,
            Status = ItemStatus.Succeeded,
            Output = collected.Output,
            Errors = collected.Errors,
            Attempts = attempts,
            WorkerId = worker,
            Duration = duration,
            QueueTime = queueTime,
            CpuTime = cpuTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
            ExitCode = (int?)ReadOptional(reader),
            HostName = reader.ReadString(),
            OutputPath = reader.ReadString(),
        };
    }

    private static void WriteOptional(WireWriter writer, long? value)
    {
        writer.WriteBoolean(value is not null);
        if (value is { } known)
        {
            writer.WriteSigned(known);
        }
    }

    private static long? ReadOptional(WireReader reader) => reader.ReadBoolean() ? reader.ReadSigned() : null;
}
