using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>A file that an item needs where it runs.</summary>
/// <param name="Source">Its full path at the caller; empty elsewhere, where it is not needed.</param>
/// <param name="Target">Where it goes in the working folder, with slashes.</param>
/// <param name="Ticks">When it was written last.</param>
internal sealed record SentFile(string Source, string Target, long Length, long Ticks)
{
    public void Write(WireWriter writer)
    {
        writer.WriteString(Target);
        writer.WriteSigned(Length);
        writer.WriteInt64(Ticks);
    }

    public static SentFile Read(WireReader reader) => new(string.Empty, reader.ReadText(), reader.ReadSigned(), reader.ReadInt64());
}
