using System.Diagnostics;
using Switchyard.Protocol;

namespace Switchyard.SharedState;

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
    private readonly Voice _voice;
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
        _voice = new Voice(createCodec());
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
            _voice.Reply(_frames, StateStatus.Disposed, string.Empty);
            return;
        }

        Guard(_voice, () => Serve(operation, state, reader));
    }

    /// <summary>Does something, and tells the caller why not if it cannot be done.</summary>
    private void Guard(Voice voice, Action action)
    {
        try
        {
            action();
        }
        catch (ObjectDisposedException exception)
        {
            voice.Reply(_frames, StateStatus.Disposed, exception.Message);
        }
        catch (ArgumentException exception)
        {
            voice.Reply(_frames, StateStatus.BadValue, exception.Message);
        }
        catch (Exception exception) when (exception is not IOException and not MalformedFrameException and not OperationCanceledException)
        {
            voice.Reply(_frames, StateStatus.NotPossible, exception.Message);
        }
    }

    private void Serve(StateOperation operation, SharedObjectState state, WireReader reader)
    {
        if (operation == StateOperation.Dispose)
        {
            state.Dispose();
            _voice.Done(_frames);
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
                ServeDictionary(operation, dictionary, reader);
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
        _voice.Done(_frames, (writer, _) => writer.WriteSigned(result));
    }

    private void ServeQueue(StateOperation operation, QueueState queue, WireReader reader)
    {
        switch (operation)
        {
            case StateOperation.Enqueue:
                TimeSpan patience = ReadTime(reader);
                object? value = _voice.Codec.Read(reader);
                TryNowOrWait(patience, (limit, voice) =>
                {
                    if (!queue.TryEnqueue(value, limit))
                    {
                        return false;
                    }

                    voice.Done(_frames, (writer, _) => writer.WriteBoolean(true));
                    return true;
                });
                break;
            case StateOperation.Dequeue:
                TryNowOrWait(ReadTime(reader), (limit, voice) => TryDequeue(queue, limit, voice));
                break;
            case StateOperation.Complete:
                queue.Complete();
                _voice.Done(_frames);
                break;
            case StateOperation.QueueCount:
                _voice.Done(_frames, (writer, _) => writer.WriteCount(queue.Count));
                break;
            case StateOperation.QueueIsCompleted:
                _voice.Done(_frames, (writer, _) => writer.WriteBoolean(queue.IsCompleted));
                break;
            default:
                throw Unknown();
        }
    }

    private bool TryDequeue(QueueState queue, in WaitLimit limit, Voice voice)
    {
        if (!queue.TryDequeue(out object? value, limit))
        {
            // Ended is final, where not yet is not.
            if (!queue.IsCompleted)
            {
                return false;
            }

            voice.Done(_frames, (writer, _) => writer.WriteBoolean(false));
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
            voice.Done(_frames, (writer, codec) =>
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

    private void ServeDictionary(StateOperation operation, DictionaryState dictionary, WireReader reader)
    {
        switch (operation)
        {
            case StateOperation.DictionaryCount:
                _voice.Done(_frames, (writer, _) => writer.WriteCount(dictionary.Count));
                return;
            case StateOperation.DictionaryClear:
                dictionary.Clear();
                _voice.Done(_frames);
                return;
            case StateOperation.DictionarySnapshot:
                IReadOnlyList<KeyValuePair<object, object?>> all = dictionary.Snapshot();
                _voice.Done(_frames, (writer, codec) =>
                {
                    writer.WriteCount(all.Count);
                    foreach ((object name, object? value) in all)
                    {
                        codec.Write(writer, name);
                        codec.Write(writer, value);
                    }
                });
                return;
            default:
                ServeEntry(operation, dictionary, _voice.Codec.Read(reader) ?? throw Unknown(), reader);
                return;
        }
    }

    private void ServeEntry(StateOperation operation, DictionaryState dictionary, object key, WireReader reader)
    {
        IStateCodec codec = _voice.Codec;
        bool isThere;
        object? value;
        switch (operation)
        {
            case StateOperation.DictionaryGet:
                isThere = dictionary.TryGet(key, out value, out long version);
                _voice.Done(_frames, (writer, _) =>
                {
                    writer.WriteBoolean(isThere);
                    writer.WriteSigned(version);
                    codec.Write(writer, value);
                });
                break;
            case StateOperation.DictionarySet:
                dictionary.Set(key, codec.Read(reader));
                _voice.Done(_frames);
                break;
            case StateOperation.DictionaryGetOrAdd:
                value = dictionary.GetOrAdd(key, codec.Read(reader));
                _voice.Done(_frames, (writer, _) => codec.Write(writer, value));
                break;
            case StateOperation.DictionaryAddOrUpdate:
                object? initial = codec.Read(reader);
                value = dictionary.AddOrUpdate(key, initial, codec.Read(reader)!);
                _voice.Done(_frames, (writer, _) => codec.Write(writer, value));
                break;
            case StateOperation.DictionaryReplace:
                long expectedVersion = reader.ReadSigned();
                isThere = dictionary.TryReplace(key, codec.Read(reader), expectedVersion);
                _voice.Done(_frames, (writer, _) => writer.WriteBoolean(isThere));
                break;
            case StateOperation.DictionaryUpdate:
                value = codec.Read(reader);
                isThere = dictionary.TryUpdate(key, value, codec.Read(reader));
                _voice.Done(_frames, (writer, _) => writer.WriteBoolean(isThere));
                break;
            case StateOperation.DictionaryRemove:
                isThere = dictionary.TryRemove(key, out value);
                _voice.Done(_frames, (writer, _) =>
                {
                    writer.WriteBoolean(isThere);
                    codec.Write(writer, value);
                });
                break;
            default:
                throw Unknown();
        }
    }

    private void ServeLock(StateOperation operation, LockState shared, WireReader reader)
    {
        switch (operation)
        {
            case StateOperation.LockEnter:
                TryNowOrWait(ReadTime(reader), (limit, voice) =>
                {
                    if (shared.TryEnter(limit) is not { } hold)
                    {
                        return false;
                    }

                    Keep(hold);
                    voice.Done(_frames, (writer, _) =>
                    {
                        writer.WriteBoolean(true);
                        writer.WriteBoolean(hold.FollowsAbandoned);
                    });
                    return true;
                });
                break;
            case StateOperation.LockExit:
                Interlocked.Exchange(ref _hold, null)?.Exit();
                _voice.Done(_frames);
                break;
            case StateOperation.LockAbandon:
                Interlocked.Exchange(ref _hold, null)?.Abandon();
                _voice.Done(_frames);
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
    /// <param name="patience">How long.</param>
    /// <param name="attempt">Does it and replies; false if it cannot be done in time.</param>
    private void TryNowOrWait(TimeSpan patience, Attempt attempt)
    {
        if (attempt(WaitLimit.None, _voice))
        {
            return;
        }

        if (patience == TimeSpan.Zero)
        {
            _voice.Done(_frames, (writer, _) => writer.WriteBoolean(false));
            return;
        }

        // A thread costs less than a wait that is worth one.
        Thread waiter = new(() => Wait(patience, attempt)) { IsBackground = true, Name = "Switchyard wait" };
        waiter.Start();
    }

    private void Wait(TimeSpan patience, Attempt attempt)
    {
        Voice voice = new(_createCodec());
        try
        {
            Guard(voice, () =>
            {
                if (!attempt(new WaitLimit(patience, () => _isGone), voice))
                {
                    voice.Done(_frames, (writer, _) => writer.WriteBoolean(false));
                }
            });
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller is gone, as the thread that reads notices, too.
            Debug.WriteLine(exception);
        }
    }

    private delegate bool Attempt(WaitLimit limit, Voice voice);

    /// <summary>Says what came of a call. For one thread at a time.</summary>
    private sealed class Voice(IStateCodec codec)
    {
        private readonly WireWriter _writer = new();

        public IStateCodec Codec { get; } = codec;

        public void Done(FrameStream frames) => Done(frames, static (_, _) => { });

        public void Done(FrameStream frames, Action<WireWriter, IStateCodec> write)
        {
            _writer.Clear();
            _writer.WriteByte((byte)StateStatus.Done);
            write(_writer, Codec);
            frames.Write(FrameKind.StateReply, _writer);
        }

        public void Reply(FrameStream frames, StateStatus status, string message)
        {
            _writer.Clear();
            _writer.WriteByte((byte)status);
            _writer.WriteString(message);
            frames.Write(FrameKind.StateReply, _writer);
        }
    }
}
