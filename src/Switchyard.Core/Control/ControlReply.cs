using Switchyard.Core.Protocol;

namespace Switchyard.Core.Control;

/// <summary>What a session answers: what became of it, and how the batches are now that it is about.</summary>
internal sealed record ControlReply(ControlResult Result, IReadOnlyList<BatchStatus> Batches)
{
    // A batch takes more, but what is read is checked as it is read.
    private const int LeastBytes = 32;

    public void Write(WireWriter writer)
    {
        writer.WriteByte((byte)Result);
        writer.WriteCount(Batches.Count);
        foreach (BatchStatus batch in Batches)
        {
            StatusFormat.Write(writer, batch);
        }
    }

    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static ControlReply Read(WireReader reader)
    {
        ControlResult result = (ControlResult)reader.ReadByte();
        if (!Enum.IsDefined(result))
        {
            throw new MalformedFrameException(Messages.ControlReplyUnknown);
        }

        int count = reader.ReadCount(LeastBytes);
        List<BatchStatus> batches = new(count);
        for (int i = 0; i < count; i++)
        {
            batches.Add(StatusFormat.Read(reader));
        }

        return new ControlReply(result, batches);
    }
}
