using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>The files of one item, or those that all items need.</summary>
/// <param name="Number">The item's in its batch, from 1; 0 for all items.</param>
internal sealed record ItemFiles(long Number, IReadOnlyList<SentFile> Sent, IReadOnlyList<ReceivedFile> Received)
{
    /// <summary>That no file goes with an item.</summary>
    public static ItemFiles None { get; } = new(0, [], []);

    public ItemPlace Place { get; init; }

    /// <summary>Of a group each item's own, of which only place and path are sent; empty of a single item.</summary>
    public IReadOnlyList<ItemFiles> Members { get; init; } = [];

    /// <summary>Where the item itself is in the working folder, with slashes; null if it is no file that was sent.</summary>
    public string? FarPath { get; init; }

    /// <summary>The same as an argument, which a program does not take for an option.</summary>
    public string? FarText => FarPath is ['-', ..] ? "./" + FarPath : FarPath;

    /// <summary>Those of a group: all that its items need and make.</summary>
    public static ItemFiles OfGroup(IReadOnlyList<ItemFiles> members) => new(
        members[0].Number, [.. members.SelectMany(member => member.Sent).Distinct()], [.. members.SelectMany(member => member.Received).Distinct()])
    {
        Members = members,
    };

    public void Write(WireWriter writer)
    {
        writer.WriteSigned(Number);
        writer.WriteCount(Sent.Count);
        foreach (SentFile file in Sent)
        {
            file.Write(writer);
        }

        writer.WriteCount(Received.Count);
        foreach (ReceivedFile file in Received)
        {
            writer.WriteString(file.Name);
        }

        WritePlace(writer);
        writer.WriteCount(Members.Count);
        foreach (ItemFiles member in Members)
        {
            member.WritePlace(writer);
        }
    }

    public static ItemFiles Read(WireReader reader)
    {
        long number = reader.ReadSigned();
        SentFile[] sent = new SentFile[reader.ReadCount()];
        for (int i = 0; i < sent.Length; i++)
        {
            sent[i] = SentFile.Read(reader);
        }

        ReceivedFile[] received = new ReceivedFile[reader.ReadCount()];
        for (int i = 0; i < received.Length; i++)
        {
            received[i] = new ReceivedFile(reader.ReadText(), string.Empty);
        }

        ItemFiles own = new(number, sent, received) { Place = (ItemPlace)reader.ReadByte(), FarPath = reader.ReadString() };
        ItemFiles[] members = new ItemFiles[reader.ReadCount()];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = None with { Place = (ItemPlace)reader.ReadByte(), FarPath = reader.ReadString() };
        }

        return own with { Members = members };
    }

    private void WritePlace(WireWriter writer)
    {
        writer.WriteByte((byte)Place);
        writer.WriteString(FarPath);
    }
}
