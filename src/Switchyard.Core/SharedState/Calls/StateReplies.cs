using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>Tells a caller what came of its call. For one thread at a time.</summary>
internal sealed class StateReplies(FrameStream frames, IStateCodec codec)
{
    private readonly WireWriter _writer = new();

    public IStateCodec Codec => codec;

    public void Done<T>(WireFormat<T> format, T result)
    {
        _writer.Clear();
        _writer.WriteByte((byte)StateStatus.Done);
        format.Write(_writer, codec, result);
        frames.Write(FrameKind.StateReply, _writer);
    }

    public void Fail(StateStatus status, string message)
    {
        _writer.Clear();
        _writer.WriteByte((byte)status);
        _writer.WriteString(message);
        frames.Write(FrameKind.StateReply, _writer);
    }
}
