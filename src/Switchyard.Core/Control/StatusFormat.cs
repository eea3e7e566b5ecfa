using Switchyard.Core.Protocol;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Control;

/// <summary>How the state of a batch travels.</summary>
internal static class StatusFormat
{
    // The least that a worker or an item takes: its numbers, and that there are no texts.
    private const int LeastBytes = 4;

    public static void Write(WireWriter writer, BatchStatus status)
    {
        writer.WriteCount(status.ProcessId);
        writer.WriteCount(status.Number);
        writer.WriteString(status.Command);
        writer.WriteString(status.Work);
        writer.WriteString(status.JobName);
        writer.WriteByte((byte)status.State);
        writer.WriteSigned(status.Read);
        writer.WriteSigned(status.Done);
        writer.WriteSigned(status.Failed);
        writer.WriteCount(status.Running);
        writer.WriteCount(status.Waiting);
        Write(writer, status.Total);
        Write(writer, status.Rate);
        Write(writer, status.TimeLeft?.Low);
        Write(writer, status.TimeLeft?.High);
        writer.WriteString(status.TimeLeftText);
        writer.WriteCount(status.ThrottleLimit);
        writer.WriteBoolean(status.IsAdjusted);
        writer.WriteInt64(status.StartedAt.Ticks);
        writer.WriteSigned(status.Elapsed.Ticks);
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(status.CpuPercent));
        writer.WriteSigned(status.Memory);
        writer.WriteCount(status.Workers.Count);
        foreach (WorkerStatus worker in status.Workers)
        {
            Write(writer, worker);
        }

        Write(writer, status.Slowest);
        Write(writer, status.FailedItems);
    }

    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static BatchStatus Read(WireReader reader) => new()
    {
        ProcessId = reader.ReadCount(0),
        Number = reader.ReadCount(0),
        Command = reader.ReadText(),
        Work = reader.ReadText(),
        JobName = reader.ReadString(),
        State = ReadEnum<BatchState>(reader),
        Read = reader.ReadSigned(),
        Done = reader.ReadSigned(),
        Failed = reader.ReadSigned(),
        Running = reader.ReadCount(0),
        Waiting = reader.ReadCount(0),
        Total = ReadNumber(reader),
        Rate = ReadDouble(reader),
        TimeLeft = ReadTime(reader) is var low && ReadTime(reader) is { } high ? new TimeRange(low.GetValueOrDefault(), high) : null,
        TimeLeftText = reader.ReadText(),
        ThrottleLimit = reader.ReadCount(0),
        IsAdjusted = reader.ReadBoolean(),
        StartedAt = ReadDate(reader),
        Elapsed = new TimeSpan(reader.ReadSigned()),
        CpuPercent = BitConverter.Int64BitsToDouble(reader.ReadInt64()),
        Memory = reader.ReadSigned(),
        Workers = ReadAll(reader, ReadWorker),
        Slowest = ReadAll(reader, ReadItem),
        FailedItems = ReadAll(reader, ReadItem),
    };

    private static void Write(WireWriter writer, WorkerStatus worker)
    {
        writer.WriteCount(worker.Number);
        writer.WriteByte((byte)worker.State);
        Write(writer, worker.Index);
        writer.WriteString(worker.Item);
        Write(writer, worker.Elapsed);
        writer.WriteString(worker.HostName);
        Write(writer, worker.ProcessId);
        Write(writer, worker.CpuPercent);
        Write(writer, worker.Memory);
    }

    private static WorkerStatus ReadWorker(WireReader reader) => new(
        reader.ReadCount(0),
        ReadEnum<WorkerState>(reader),
        ReadNumber(reader),
        reader.ReadString(),
        ReadTime(reader),
        reader.ReadString(),
        (int?)ReadNumber(reader),
        ReadDouble(reader),
        ReadNumber(reader));

    private static void Write(WireWriter writer, IReadOnlyList<EndedItemStatus> items)
    {
        writer.WriteCount(items.Count);
        foreach (EndedItemStatus item in items)
        {
            writer.WriteSigned(item.Index);
            writer.WriteString(item.Item);
            writer.WriteByte((byte)item.Status);
            Write(writer, item.Duration);
            writer.WriteString(item.Error);
        }
    }

    private static EndedItemStatus ReadItem(WireReader reader) =>
        new(reader.ReadSigned(), reader.ReadText(), ReadEnum<ItemStatus>(reader), ReadTime(reader), reader.ReadString());

    private static List<T> ReadAll<T>(WireReader reader, Func<WireReader, T> read)
    {
        int count = reader.ReadCount(LeastBytes);
        List<T> all = new(count);
        for (int i = 0; i < count; i++)
        {
            all.Add(read(reader));
        }

        return all;
    }

    private static void Write(WireWriter writer, TimeSpan? time) => Write(writer, time?.Ticks);

    private static void Write(WireWriter writer, double? value) => Write(writer, value is { } known ? BitConverter.DoubleToInt64Bits(known) : null);

    private static void Write(WireWriter writer, long? value)
    {
        writer.WriteBoolean(value is not null);
        if (value is { } known)
        {
            writer.WriteInt64(known);
        }
    }

    private static long? ReadNumber(WireReader reader) => reader.ReadBoolean() ? reader.ReadInt64() : null;

    private static TimeSpan? ReadTime(WireReader reader) => ReadNumber(reader) is { } ticks ? new TimeSpan(ticks) : null;

    private static double? ReadDouble(WireReader reader) => ReadNumber(reader) is { } bits ? BitConverter.Int64BitsToDouble(bits) : null;

    private static DateTime ReadDate(WireReader reader) => reader.ReadInt64() is var ticks && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
        ? new DateTime(ticks, DateTimeKind.Utc)
        : throw new MalformedFrameException(Messages.ControlReplyUnknown);

    private static T ReadEnum<T>(WireReader reader)
        where T : struct, Enum
    {
        T value = (T)Enum.ToObject(typeof(T), reader.ReadByte());
        return Enum.IsDefined(value) ? value : throw new MalformedFrameException(Messages.ControlReplyUnknown);
    }
}
