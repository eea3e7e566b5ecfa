using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>An item as it came, to be read by the thread that runs it.</summary>
internal readonly record struct ReceivedItem(long Id, byte[] Content, int Start, int Length, IReadOnlyList<byte[]> Blobs)
{
    public void Open(WireReader reader) => reader.Reset(Content, Start, Length, Blobs);
}
