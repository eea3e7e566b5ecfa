using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>How the files of a batch are handled where its items run.</summary>
/// <param name="FolderName">Names its working folder among those of others.</param>
/// <param name="Folder">The working folder that was asked for; null for one in the user's cache.</param>
/// <param name="CleansUp">Whether what was sent and made is removed.</param>
/// <param name="Base">What all items need.</param>
internal sealed record TransferOptions(string FolderName, string? Folder, bool CleansUp, ItemFiles Base)
{
    /// <summary>Whether an item may run twice at a time: then each worker has a working folder to itself, and what comes back is put in its place only once it counts.</summary>
    public bool IsTwofold { get; init; }

    public void Write(WireWriter writer)
    {
        writer.WriteString(FolderName);
        writer.WriteString(Folder);
        writer.WriteBoolean(CleansUp);
        writer.WriteBoolean(IsTwofold);
        Base.Write(writer);
    }

    public static TransferOptions Read(WireReader reader)
    {
        (string name, string? folder, bool cleansUp, bool isTwofold) = (reader.ReadText(), reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean());
        return new TransferOptions(name, folder, cleansUp, ItemFiles.Read(reader)) { IsTwofold = isTwofold };
    }
}
