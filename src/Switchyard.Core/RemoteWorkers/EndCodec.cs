using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers;

/// <summary>Writes and reads how an item ended: one byte for most.</summary>
internal static class EndCodec
{
    private const byte IsLost = 0x08;
    private const byte HasRetryAfter = 0x10;
    private const byte HasTimes = 0x20;
    private const byte HasExitCode = 0x40;
    private const byte IsFinal = 0x80;
    private const byte StatusMask = 0x07;

    public static void Write(WireWriter writer, in ItemEnd end)
    {
        byte flags = (byte)end.Status;
        flags |= end.RetryAfter is null ? (byte)0 : HasRetryAfter;
        flags |= end.Duration is null ? (byte)0 : HasTimes;
        flags |= end.ExitCode is null ? (byte)0 : HasExitCode;
        flags |= end.IsFinal ? IsFinal : (byte)0;
        flags |= end.IsLost ? IsLost : (byte)0;
        writer.WriteByte(flags);
        if (end.RetryAfter is { } retryAfter)
        {
            writer.WriteSigned(retryAfter.Ticks);
        }

        if (end.Duration is { } duration)
        {
            writer.WriteSigned(duration.Ticks);
            writer.WriteSigned(end.CpuTime?.Ticks ?? -1);
        }

        if (end.ExitCode is { } exitCode)
        {
            writer.WriteSigned(exitCode);
        }
    }

    public static ItemEnd Read(WireReader reader)
    {
        byte flags = reader.ReadByte();
        ItemStatus status = (ItemStatus)(flags & StatusMask);
        if (status is not (ItemStatus.Succeeded or ItemStatus.Failed or ItemStatus.Canceled or ItemStatus.Crashed))
        {
            throw new MalformedFrameException(Messages.ItemEndUnknown);
        }

        ItemEnd end = new(status) { IsFinal = (flags & IsFinal) != 0, IsLost = (flags & IsLost) != 0 };
        if ((flags & HasRetryAfter) != 0)
        {
            end = end with { RetryAfter = TimeSpan.FromTicks(reader.ReadSigned()) };
        }

        if ((flags & HasTimes) != 0)
        {
            end = end with { Duration = TimeSpan.FromTicks(reader.ReadSigned()) };
            long cpu = reader.ReadSigned();
            end = cpu < 0 ? end : end with { CpuTime = TimeSpan.FromTicks(cpu) };
        }

        if ((flags & HasExitCode) != 0)
        {
            end = end with { ExitCode = (int)reader.ReadSigned() };
        }

        return end;
    }
}
