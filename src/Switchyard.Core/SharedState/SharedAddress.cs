using Switchyard.Core.Transports;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>
/// How another process reaches a shared object: where its holder listens, and by what the two recognize each other. A process that has it can do
/// anything with the object, so it travels only between processes that trust each other.
/// </summary>
/// <param name="Kind">What the object is.</param>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Id">Its number at its holder.</param>
/// <param name="Detail">Of a queue its capacity, of a dictionary 1 if texts as keys differ by their case.</param>
/// <param name="Holder">Where the holder listens.</param>
public sealed record SharedAddress(SharedKind Kind, string Name, long Id, int Detail, LocalEndpoint Holder)
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)Kind);
        writer.WriteString(Name);
        writer.WriteSigned(Id);
        writer.WriteCount(Detail);
        Holder.Write(writer);
    }

    /// <summary>Reads it.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The address.</returns>
    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static SharedAddress Read(WireReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        SharedKind kind = (SharedKind)reader.ReadByte();
        if (!Enum.IsDefined(kind))
        {
            throw new MalformedFrameException(Messages.SharedKindUnknown);
        }

        string name = reader.ReadText();
        long id = reader.ReadSigned();
        int detail = reader.ReadCount(0);
        return new SharedAddress(kind, name, id, detail, LocalEndpoint.Read(reader));
    }
}
