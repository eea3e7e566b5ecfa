using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.SharedState;

/// <summary>
/// How another process reaches a shared object: where its holder listens, and by what the two recognize each other. A process that has it can do
/// anything with the object, so it travels only between processes that trust each other.
/// </summary>
/// <param name="Detail">Of a queue its capacity, of a dictionary 1 if texts as keys differ by their case.</param>
internal sealed record SharedAddress(SharedKind Kind, string Name, long Id, int Detail, LocalEndpoint Holder)
{
    /// <summary>Whether the holder is on another machine, where only this process's caller leads.</summary>
    public bool IsBeyond { get; init; }

    public void Write(WireWriter writer)
    {
        writer.WriteByte((byte)Kind);
        writer.WriteString(Name);
        writer.WriteSigned(Id);
        writer.WriteCount(Detail);
        writer.WriteBoolean(IsBeyond);
        Holder.Write(writer);
    }

    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static SharedAddress Read(WireReader reader)
    {
        SharedKind kind = (SharedKind)reader.ReadByte();
        if (!Enum.IsDefined(kind))
        {
            throw new MalformedFrameException(Messages.SharedKindUnknown);
        }

        string name = reader.ReadText();
        long id = reader.ReadSigned();
        int detail = reader.ReadCount(0);
        bool isBeyond = reader.ReadBoolean();
        return new SharedAddress(kind, name, id, detail, LocalEndpoint.Read(reader)) { IsBeyond = isBeyond };
    }
}
