using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>
/// One caller of another process. What it asks is done on the thread that reads, if that can be done at once. Where it must wait, another
/// thread waits, so that the end of the connection is noticed: then the caller's lock is released, and what was on its way to it goes back.
/// </summary>
internal sealed class StateServerConnection : IDisposable
{
    private readonly object _lock = new();
    private readonly StateServer _server;
    private readonly FrameStream _frames;
    private readonly Func<IStateCodec> _createCodec;
    private ILockHold? _hold;
    private (QueueState Queue, object? Value)? _onItsWay;
    private volatile bool _isGone;

    public StateServerConnection(StateServer server, Stream stream, Func<IStateCodec> createCodec)
    {
        _server = server;
        _frames = new FrameStream(stream);
        _createCodec = createCodec;
        Replies = new StateReplies(_frames, createCodec());
    }

    public StateReplies Replies { get; }

    public void Run()
    {
        WireReader reader = new();
        try
        {
            while (true)
            {
                FrameKind kind = _frames.Read(reader);
                ForgetPromise();
                if (kind == FrameKind.StateCall)
                {
                    Serve(reader);
                }
                else if (kind != FrameKind.StateArrived)
                {
                    throw new MalformedFrameException(Messages.SharedCallUnknown);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or MalformedFrameException)
        {
            // Its process has ended, or closed the connection.
            Debug.WriteLine(exception);
        }

        UndoAll();
    }

    public void Dispose() => _frames.Dispose();

    /// <summary>An element of a queue is about to be sent: it goes back if the caller ends before its next frame.</summary>
    /// <exception cref="OperationCanceledException">The caller has ended, and the element is back.</exception>
    public void Promise(QueueState queue, object? value)
    {
        lock (_lock)
        {
            if (!_isGone)
            {
                _onItsWay = (queue, value);
                return;
            }
        }

        queue.PutBack(value);
        throw new OperationCanceledException();
    }

    /// <summary>The caller has taken a lock: it is released with the connection.</summary>
    /// <exception cref="OperationCanceledException">The caller has ended, and the lock is free.</exception>
    public void Keep(ILockHold hold)
    {
        lock (_lock)
        {
            if (!_isGone)
            {
                _hold = hold;
                return;
            }
        }

        hold.Exit();
        throw new OperationCanceledException();
    }

    /// <summary>Takes the lock from what is released with the connection.</summary>
    public ILockHold? TakeHold() => Interlocked.Exchange(ref _hold, null);

    /// <summary>Goes on with a call on another thread.</summary>
    public void Wait(TimeSpan timeout, Action<WaitLimit, StateReplies> serve)
    {
        // A new thread costs little beside a wait.
        Thread waiter = new(() =>
        {
            StateReplies replies = new(_frames, _createCodec());
            try
            {
                ReplyFailure(replies, () => serve(new WaitLimit(timeout, () => _isGone), replies));
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The caller is gone, as the thread that reads notices, too.
                Debug.WriteLine(exception);
            }
        })
        {
            IsBackground = true,
            Name = "Switchyard wait",
        };
        waiter.Start();
    }

    private void Serve(WireReader reader)
    {
        StateCall call = StateCalls.Find(reader.ReadByte());
        if (_server.Find(reader.ReadSigned()) is { } state)
        {
            ReplyFailure(Replies, () => call.Serve(state, reader, this));
        }
        else
        {
            Replies.Fail(StateStatus.Disposed, string.Empty);
        }
    }

    private void ReplyFailure(StateReplies replies, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is not IOException and not MalformedFrameException and not OperationCanceledException)
        {
            // An element that cannot be sent does not go back: it would stop every caller.
            ForgetPromise();
            StateStatus status = exception switch
            {
                ObjectDisposedException => StateStatus.Disposed,
                ArgumentException => StateStatus.BadValue,
                _ => StateStatus.NotPossible,
            };
            replies.Fail(status, exception.Message);
        }
    }

    private void ForgetPromise()
    {
        lock (_lock)
        {
            _onItsWay = null;
        }
    }

    private void UndoAll()
    {
        (QueueState Queue, object? Value)? onItsWay;
        lock (_lock)
        {
            _isGone = true;
            (onItsWay, _onItsWay) = (_onItsWay, null);
        }

        TakeHold()?.Abandon();
        onItsWay?.Queue.PutBack(onItsWay.Value.Value);
    }
}
