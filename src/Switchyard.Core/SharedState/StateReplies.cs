using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>Says what came of a call. For one thread at a time.</summary>
/// <param name="frames">To the caller.</param>
/// <param name="codec">Takes values there and back.</param>
internal sealed class StateReplies(FrameStream frames, IStateCodec codec)
{
    private readonly WireWriter _writer = new();

    /// <summary>Takes values to the caller and back.</summary>
    public IStateCodec Codec => codec;

    /// <summary>It was done, and there is no more to say.</summary>
    public void Done() => Done(static (_, _) => { });

    /// <summary>It was done.</summary>
    /// <param name="write">Writes what came of it.</param>
    public void Done(Action<WireWriter, IStateCodec> write)
    {
        _writer.Clear();
        _writer.WriteByte((byte)StateStatus.Done);
        write(_writer, codec);
        frames.Write(FrameKind.StateReply, _writer);
    }

    /// <summary>It was not done.</summary>
    /// <param name="status">What stood against it.</param>
    /// <param name="message">The same for people.</param>
    public void Fail(StateStatus status, string message)
    {
        _writer.Clear();
        _writer.WriteByte((byte)status);
        _writer.WriteString(message);
        frames.Write(FrameKind.StateReply, _writer);
    }

    /// <summary>Does something, and tells the caller why not if it cannot be done.</summary>
    /// <param name="action">Does it, and replies.</param>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (ObjectDisposedException exception)
        {
            Fail(StateStatus.Disposed, exception.Message);
        }
        catch (ArgumentException exception)
        {
            Fail(StateStatus.BadValue, exception.Message);
        }
        catch (Exception exception) when (exception is not IOException and not MalformedFrameException and not OperationCanceledException)
        {
            Fail(StateStatus.NotPossible, exception.Message);
        }
    }
}
