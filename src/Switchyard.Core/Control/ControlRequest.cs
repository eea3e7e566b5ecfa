using Switchyard.Core.Protocol;

namespace Switchyard.Core.Control;

/// <summary>What is asked of a session.</summary>
/// <param name="Batch">The number of the batch that it is about; 0 for all.</param>
/// <param name="Value">The limit of the throttle, or the index of the item.</param>
internal readonly record struct ControlRequest(ControlAction Action, int Batch = 0, long Value = 0)
{
    public void Write(WireWriter writer)
    {
        writer.WriteByte((byte)Action);
        writer.WriteCount(Batch);
        writer.WriteSigned(Value);
    }

    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static ControlRequest Read(WireReader reader)
    {
        ControlRequest request = new((ControlAction)reader.ReadByte(), reader.ReadCount(0), reader.ReadSigned());
        return Enum.IsDefined(request.Action) ? request : throw new MalformedFrameException(Messages.ControlRequestUnknown);
    }
}
