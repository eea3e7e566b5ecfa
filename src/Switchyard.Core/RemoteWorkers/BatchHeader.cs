using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers;

/// <summary>What a worker has to know of a batch whatever it runs. Its settings follow.</summary>
/// <param name="ReportsStarts">Whether it has to say at once of each item that it starts it, and not only soon.</param>
/// <param name="MaxMemory">Above how many bytes of memory it is to be replaced; 0 for never.</param>
/// <param name="LimitsRecords">Whether the caller says how many records it can take, and reads all else at any time: then streams can be opened to it.</param>
/// <param name="SilenceTimeout">After how long without a word from the caller it is to end; zero for never.</param>
/// <param name="IdleTimeout">The same after the batch, while it waits for another.</param>
internal readonly record struct BatchHeader(bool NeedsTimes, bool ReportsStarts, bool LimitsRecords, long MaxMemory, TimeSpan SilenceTimeout, TimeSpan IdleTimeout)
{
    public void Write(WireWriter writer)
    {
        writer.WriteBoolean(NeedsTimes);
        writer.WriteBoolean(ReportsStarts);
        writer.WriteBoolean(LimitsRecords);
        writer.WriteSigned(MaxMemory);
        writer.WriteSigned(SilenceTimeout.Ticks);
        writer.WriteSigned(IdleTimeout.Ticks);
    }

    public static BatchHeader Read(WireReader reader) => new(
        reader.ReadBoolean(),
        reader.ReadBoolean(),
        reader.ReadBoolean(),
        reader.ReadSigned(),
        TimeSpan.FromTicks(reader.ReadSigned()),
        TimeSpan.FromTicks(reader.ReadSigned()));
}
