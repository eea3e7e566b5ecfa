using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>An item as it came, to be read by the thread that runs it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Holds it and those that came with it.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Blobs">The large arrays that came with the frame.</param>
internal readonly record struct ReceivedItem(long Id, byte[] Content, int Start, int Length, IReadOnlyList<byte[]> Blobs)
{
    /// <summary>Sets a reader to it.</summary>
    /// <param name="reader">The reader.</param>
    public void Open(WireReader reader) => reader.Reset(Content, Start, Length, Blobs);
}
