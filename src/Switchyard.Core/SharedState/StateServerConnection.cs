using System.Diagnostics;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>
/// One caller of another process: what it asks is done at once where that can be, on the thread that reads. Where it must wait, another
/// thread waits, so that the caller's end is noticed: then what it holds is let go, and what was on its way to it goes back.
/// </summary>
internal sealed class StateServerConnection : IDisposable
{
    private readonly object _lock = new();
    private readonly StateServer _server;
    private readonly FrameStream _frames;
    private readonly Func<IStateCodec> _createCodec;
    private readonly StateReplies _replies;
    private ILockHold? _hold;
    private (QueueState Queue, object? Value)? _onItsWay;
    private volatile bool _isGone;

    /// <summary>Serves a connection.</summary>
    /// <param name="server">Has the objects.</param>
    /// <param name="stream">The connection.</param>
    /// <param name="createCodec">Makes what takes values to the other end and back.</param>
    public StateServerConnection(StateServer server, Stream stream, Func<IStateCodec> createCodec)
    {
        _server = server;
        _frames = new FrameStream(stream);
        _createCodec = createCodec;
        _replies = new StateReplies(_frames, createCodec());
    }

    /// <summary>Serves it until it ends.</summary>
    public void Run()
    {
        WireReader reader = new();
        try
        {
            while (true)
            {
                FrameKind kind = _frames.Read(reader);
                lock (_lock)
                {
                    // Whatever it says next, it has what it was given.
                    _onItsWay = null;
                }

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
            // Its process has ended, or gone on without a word.
            Debug.WriteLine(exception);
        }

        LetGo();
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    private void LetGo()
    {
        ILockHold? hold;
        (QueueState Queue, object? Value)? onItsWay;
        lock (_lock)
        {
            _isGone = true;
            (hold, _hold) = (_hold, null);
            (onItsWay, _onItsWay) = (_onItsWay, null);
        }

        hold?.Abandon();
        onItsWay?.Queue.PutBack(onItsWay.Value.Value);
    }

    private void Serve(WireReader reader)
    {
        StateOperation operation = (StateOperation)reader.ReadByte();
        long id = reader.ReadSigned();
        if (_server.Find(id) is not { } state)
        {
            _replies.Fail(StateStatus.Disposed, string.Empty);
            return;
        }

        _replies.Guard(() => Serve(operation, state, reader));
    }

    private void Serve(StateOperation operation, SharedObjectState state, WireReader reader)
    {
        if (operation == StateOperation.Dispose)
        {
            state.Dispose();
            _replies.Done();
            return;
        }

        switch (state)
        {
            case CounterState counter:
                ServeCounter(operation, counter, reader);
                break;
            case QueueState queue:
                ServeQueue(operation, queue, reader);
                break;
            case DictionaryState dictionary:
                DictionaryCalls.Serve(operation, dictionary, reader, _replies);
                break;
            case LockState shared:
                ServeLock(operation, shared, reader);
                break;
            default:
                throw Unknown();
        }
    }

    private static MalformedFrameException Unknown() => new(Messages.SharedActionUnknown);

    private void ServeCounter(StateOperation operation, CounterState counter, WireReader reader)
    {
        long result = operation switch
        {
            StateOperation.CounterRead => counter.Read(),
            StateOperation.CounterAdd => counter.Add(reader.ReadSigned()),
            StateOperation.CounterExchange => counter.CompareExchange(reader.ReadSigned(), reader.ReadSigned()),
            _ => throw Unknown(),
        };
        _replies.Done((writer, _) => writer.WriteSigned(result));
    }

    private void ServeQueue(StateOperation operation, QueueState queue, WireReader reader)
    {
        switch (operation)
        {
            case StateOperation.Enqueue:
                TimeSpan timeout = ReadTime(reader);
                object? value = _replies.Codec.Read(reader);
                TryNowOrWait(timeout, (limit, replies) =>
                {
                    if (!queue.TryEnqueue(value, limit))
                    {
                        return false;
                    }

                    replies.Done((writer, _) => writer.WriteBoolean(true));
                    return true;
                });
                break;
            case StateOperation.Dequeue:
                TryNowOrWait(ReadTime(reader), (limit, replies) => TryDequeue(queue, limit, replies));
                break;
            case StateOperation.Complete:
                queue.Complete();
                _replies.Done();
                break;
            case StateOperation.QueueCount:
                _replies.Done((writer, _) => writer.WriteCount(queue.Count));
                break;
            case StateOperation.QueueIsCompleted:
                _replies.Done((writer, _) => writer.WriteBoolean(queue.IsCompleted));
                break;
            default:
                throw Unknown();
        }
    }

    private bool TryDequeue(QueueState queue, in WaitLimit limit, StateReplies replies)
    {
        if (!queue.TryDequeue(out object? value, limit))
        {
            // Ended is final, where not yet is not.
            if (!queue.IsCompleted)
            {
                return false;
            }

            replies.Done((writer, _) => writer.WriteBoolean(false));
            return true;
        }

        bool isLate;
        lock (_lock)
        {
            isLate = _isGone;
            if (!isLate)
            {
                _onItsWay = (queue, value);
            }
        }

        if (isLate)
        {
            queue.PutBack(value);
            return true;
        }

        try
        {
            replies.Done((writer, codec) =>
            {
                writer.WriteBoolean(true);
                codec.Write(writer, value);
            });
        }
        catch (Exception exception) when (exception is not IOException)
        {
            // It cannot be sent at all, so to put it back would stop everybody else as well.
            lock (_lock)
            {
                _onItsWay = null;
            }

            throw;
        }

        return true;
    }

    private void ServeLock(StateOperation operation, LockState shared, WireReader reader)
    {
        switch (operation)
        {
            case StateOperation.LockEnter:
                TryNowOrWait(ReadTime(reader), (limit, replies) =>
                {
                    if (shared.TryEnter(limit) is not { } hold)
                    {
                        return false;
                    }

                    Keep(hold);
                    replies.Done((writer, _) =>
                    {
                        writer.WriteBoolean(true);
                        writer.WriteBoolean(hold.FollowsAbandoned);
                    });
                    return true;
                });
                break;
            case StateOperation.LockExit:
                Interlocked.Exchange(ref _hold, null)?.Exit();
                _replies.Done();
                break;
            case StateOperation.LockAbandon:
                Interlocked.Exchange(ref _hold, null)?.Abandon();
                _replies.Done();
                break;
            default:
                throw Unknown();
        }
    }

    private void Keep(ILockHold hold)
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
    }

    private static TimeSpan ReadTime(WireReader reader)
    {
        long ticks = reader.ReadSigned();
        return ticks < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(ticks);
    }

    /// <summary>Does at once what can be done at once, and else waits on another thread.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="attempt">Does it and replies; false if it cannot be done in time.</param>
    private void TryNowOrWait(TimeSpan timeout, Attempt attempt)
    {
        if (attempt(WaitLimit.None, _replies))
        {
            return;
        }

        if (timeout == TimeSpan.Zero)
        {
            _replies.Done((writer, _) => writer.WriteBoolean(false));
            return;
        }

        // A thread costs less than a wait that is worth one.
        Thread waiter = new(() => Wait(timeout, attempt)) { IsBackground = true, Name = "Switchyard wait" };
        waiter.Start();
    }

    private void Wait(TimeSpan timeout, Attempt attempt)
    {
        StateReplies replies = new(_frames, _createCodec());
        try
        {
            replies.Guard(() =>
            {
                if (!attempt(new WaitLimit(timeout, () => _isGone), replies))
                {
                    replies.Done((writer, _) => writer.WriteBoolean(false));
                }
            });
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller is gone, as the thread that reads notices, too.
            Debug.WriteLine(exception);
        }
    }

    private delegate bool Attempt(WaitLimit limit, StateReplies replies);
}
