using System.Diagnostics;
using Switchyard.FarEnds;
using Switchyard.Items;
using Switchyard.Processes;
using Switchyard.Protocol;
using Switchyard.Queues;

namespace Switchyard.RemoteWorkers;

/// <summary>
/// A worker that has its items run at a far end. It sends them some at a time and a little ahead, and hands on what comes back; a far
/// end that dies is replaced, and costs the item that it was on.
/// </summary>
/// <remarks>
/// One thread sends and receives: the far end reads whatever it is sent at once, so neither waits for the other to read. Stops come on
/// other threads.
/// </remarks>
internal sealed class RemoteWorker : IBatchWorker
{
    /// <summary>How long an item that was asked to stop has until its worker is killed.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(600);

    private const int MaxChunkBytes = 256 * 1024;
    private const long MaxBytesOut = 8 * 1024 * 1024;
    private const int SmallChunk = 16;

    private static readonly TimeSpan _chunkTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _heartbeatPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _recallPatience = TimeSpan.FromMilliseconds(20);

    private readonly RemoteWorkerFactory _factory;
    private readonly IRemoteCodec _codec;
    private readonly LeaseBook _leases = new();
    private readonly LeaseStops _stops = new();
    private readonly WireWriter _writer = new();
    private readonly ChunkSizer _sizer = new(_chunkTime);
    private readonly object _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConnectionOpener _opener;
    private RemoteConnection? _connection;
    private IItemAhead _source = null!;
    private IItemSink _sink = null!;
    private bool _isHeadBegun;
    private bool _mustReturn;
    private bool _isPaused;
    private bool _wasRecalled;
    private long _reportedStart;
    private long _recalledLast;
    private long _lastFrame;
    private long _sizedAt;

    // Read and set by those who look after it, too.
    private volatile bool _isStopped;
    private int _outstanding;
    private long _headSince;
    private long _recalledLease;
    private bool _mayRecall;
    private bool _isRecalling;
    private bool _isSending;
    private long _receivingSince;
    private long _lastHeartbeat;
    private bool _othersWait;

    /// <summary>Makes a worker.</summary>
    /// <param name="factory">What it shares with the others of its run.</param>
    public RemoteWorker(RemoteWorkerFactory factory)
    {
        _factory = factory;
        _codec = factory.Calls.CreateCodec();
        _opener = new ConnectionOpener(factory, _stop.Token);
    }

    private RemoteOptions Options => _factory.Options;

    private IRemoteCalls Calls => _factory.Calls;

    /// <inheritdoc/>
    public void Open(IItemSink sink)
    {
        _sink = sink;
        long start = Stopwatch.GetTimestamp();
        Connect();
        _factory.NoteOpened(start, Current()?.ProcessId ?? 0);
        _factory.Pulse.Add(this);
    }

    /// <inheritdoc/>
    public void Run(IItemSource source, IItemSink sink)
    {
        _source = source.Ahead ?? throw new ArgumentException("Its items must be to be had ahead.", nameof(source));
        _sink = sink;
        _mustReturn = false;
        BeginHead();
        while (!_mustReturn && TopUp())
        {
            try
            {
                Receive();
            }
            catch (Exception exception) when (RemoteConnection.IsLoss(exception))
            {
                Bury(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void StopItem()
    {
        long lease = _stops.Request();
        SendStop(lease, isFinal: false);
        AwaitStop(lease);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _isStopped = true;
        long lease = _stops.Request();
        _stop.Cancel();
        SendStop(lease, isFinal: true);
        AwaitStop(lease);
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        _stop.Cancel();
        Current()?.Kill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factory.Pulse.Remove(this);
        if (TakeConnection() is not { } connection)
        {
            return;
        }

        // What the worker was stopped on has ended, and it has dropped the rest; or it was never stopped and has ended all.
        bool isQuiet = _stops.Current == 0 && (_leases.Count == 0 || _isStopped);
        if (!isQuiet)
        {
            connection.Kill();
            connection.Dispose();
        }
        else if (!Options.Reuses || connection.IsRetiring || LeftFor(connection) == 0)
        {
            connection.SayBye();
        }
        else
        {
            GiveBack(connection);
        }
    }

    /// <summary>Does what is due from time to time. On the pulse's thread.</summary>
    public void LookAfter()
    {
        if (Current() is not { } connection)
        {
            return;
        }

        try
        {
            long now = Stopwatch.GetTimestamp();
            if (Elapsed(_lastHeartbeat, now) > _heartbeatPeriod)
            {
                _lastHeartbeat = now;
                connection.Frames.TryWrite(FrameKind.Heartbeat);
            }

            long since = Volatile.Read(ref _receivingSince);
            if (since != 0 && Elapsed(Math.Max(since, Volatile.Read(ref _lastFrame)), now) > Options.SilencePatience)
            {
                connection.Kill();
            }

            RecallIfOthersWait(connection, now);
        }
        catch (Exception exception) when (RemoteConnection.IsLoss(exception))
        {
            // The worker's own thread finds out, and does what is to be done.
            Debug.WriteLine(exception);
        }
    }

    private static TimeSpan Elapsed(long since, long now) => Stopwatch.GetElapsedTime(since, now);

    private RemoteConnection? Current()
    {
        lock (_lock)
        {
            return _connection;
        }
    }

    private RemoteConnection? TakeConnection()
    {
        lock (_lock)
        {
            RemoteConnection? connection = _connection;
            _connection = null;
            return connection;
        }
    }

    // ---- Connecting

    private void Connect() => _opener.Open(Begin, () => TakeConnection());

    private void Begin(RemoteConnection connection)
    {
        connection.Talk = Calls.Talk;
        lock (_lock)
        {
            _connection = connection;
            _mayRecall = _isRecalling = false;
        }

        _stops.BeginWorker();
        _isPaused = false;
        _stop.Token.ThrowIfCancellationRequested();
        _reportedStart = 0;
        _lastHeartbeat = Stopwatch.GetTimestamp();
        _writer.Clear();
        new BatchHeader(
            Options.NeedsTimes,
            ReportsStarts: connection.Beacon is null,
            Options.MaxMemory ?? 0,
            connection.Beacon is null ? Options.SilencePatience * 2 : TimeSpan.Zero).Write(_writer);
        Calls.WriteBatch(_writer);
        connection.Frames.Write(FrameKind.BeginBatch, _writer);
        while (true)
        {
            switch (Read(connection))
            {
                case FrameKind.BatchBegun when connection.Reader.ReadBoolean():
                    AllowRecall();
                    return;
                case FrameKind.BatchBegun:
                    WorkerStartException failure = Calls.ReadFailure(connection.Reader);

                    // Nothing of the batch is to be run there, but something of it may be left.
                    TakeConnection();
                    connection.SayBye();
                    throw failure;
                case FrameKind.Records:
                    ReadRecords(connection.Reader);
                    break;
                case FrameKind.Heartbeat:
                    break;
                default:
                    throw new MalformedFrameException(Messages.WorkerAnswerUnasked);
            }
        }
    }

    // Not before: the answer would come where it is not expected.
    private void AllowRecall()
    {
        lock (_lock)
        {
            _mayRecall = true;
            _recalledLease = 0;
        }
    }

    private FrameKind Read(RemoteConnection connection)
    {
        Volatile.Write(ref _receivingSince, Stopwatch.GetTimestamp());
        try
        {
            FrameKind kind = connection.Frames.Read(connection.Reader);
            Volatile.Write(ref _lastFrame, Stopwatch.GetTimestamp());
            return kind;
        }
        finally
        {
            Volatile.Write(ref _receivingSince, 0);
        }
    }

    private void GiveBack(RemoteConnection connection)
    {
        try
        {
            connection.Frames.Write(FrameKind.EndBatch);
            _factory.Pool.Return(connection, Options.IdleTime);
        }
        catch (Exception exception) when (RemoteConnection.IsLoss(exception))
        {
            // All its items have ended, so it owes nobody anything.
            Debug.WriteLine(exception);
            connection.Kill();
            connection.Dispose();
        }
    }

    private long LeftFor(RemoteConnection connection) =>
        Options.MaxItems is { } most ? Math.Max(0, most - connection.ItemCount) : long.MaxValue;

    // ---- Sending

    /// <summary>Sends what the worker may have, after waiting for an item if it has none.</summary>
    /// <returns>False if there is nothing to wait for any more.</returns>
    private bool TopUp()
    {
        if (_leases.Count == 0 && !TryLeaseFirst())
        {
            return false;
        }

        if (_mustReturn || _stop.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            if (_isPaused && _leases.HasSent)
            {
                BeginHead();
            }

            if (!(_isPaused && _leases.HasSent) && EnsureConnected() is { } connection && TryBeginSending())
            {
                try
                {
                    while (SendSome(connection))
                    {
                    }
                }
                finally
                {
                    EndSending();
                }
            }

            BeginHead();
        }
        catch (Exception exception) when (RemoteConnection.IsLoss(exception))
        {
            // It is dead. But what it has sent before is still to be received, and only then is it known what died with it.
            Debug.WriteLine(exception);
        }

        return !_mustReturn;
    }

    // Nothing is sent between a recall and its answer: what came back would be a piece from the middle of what is out, and the rest
    // would no longer be run in the order in which it was reserved.
    private bool TryBeginSending()
    {
        lock (_lock)
        {
            return _isSending = !_isRecalling;
        }
    }

    private void EndSending()
    {
        lock (_lock)
        {
            _isSending = false;
        }
    }

    private bool TryLeaseFirst()
    {
        if (!_source.TryReserve(waits: true, out BatchItem item))
        {
            _mustReturn = true;
            return false;
        }

        _leases.Add(item);
        return true;
    }

    /// <summary>Replaces a worker that has had its share of items, or is gone.</summary>
    /// <returns>The connection; null if the worker is to have nothing before it has ended what it has.</returns>
    private RemoteConnection? EnsureConnected()
    {
        while (true)
        {
            RemoteConnection? connection = Current();
            if (connection is { IsRetiring: false } && LeftFor(connection) > 0)
            {
                return connection;
            }

            if (connection is not null)
            {
                if (_leases.HasSent)
                {
                    return null;
                }

                TakeConnection();
                connection.SayBye();
            }

            // One that was kept may have had its share, too.
            Connect();
        }
    }

    /// <summary>Sends a frame of items.</summary>
    /// <returns>Whether there may be more to send.</returns>
    private bool SendSome(RemoteConnection connection)
    {
        int chunk = _sizer.Size;

        // One more than it works on, so that it need not wait; but none where that is nothing against the time that an item takes.
        int window = chunk == 1 ? 1 : chunk < SmallChunk ? chunk + 1 : chunk * 2;
        if (_leases.Count > Math.Max(1, window - chunk) && _leases.Last.IsSent)
        {
            return false;
        }

        bool isFull = false;
        long left = LeftFor(connection);
        _writer.Clear();
        for (int i = 0; !isFull && left > 0 && _leases.BytesOut < MaxBytesOut; i++)
        {
            if (i == _leases.Count)
            {
                if (_leases.Count >= window || _wasRecalled || !_source.MayStart || !_source.TryReserve(waits: false, out BatchItem item))
                {
                    break;
                }

                _leases.Add(item);
            }

            ref Lease lease = ref _leases[i];
            if (!lease.IsSent && lease.Verdict is null && TryWrite(ref lease))
            {
                left--;
                connection.ItemCount++;
                isFull = _writer.TotalLength >= MaxChunkBytes;
            }
        }

        Volatile.Write(ref _outstanding, _leases.Count);
        if (!_writer.IsEmpty)
        {
            if (!_isHeadBegun)
            {
                _sizedAt = Stopwatch.GetTimestamp();
            }

            connection.Frames.Write(FrameKind.Items, _writer);
        }

        return isFull;
    }

    private bool TryWrite(ref Lease lease)
    {
        WireMark mark = _writer.Mark();
        long before = _writer.TotalLength;
        try
        {
            _writer.WriteVariable((ulong)lease.Id);
            int part = _writer.BeginPart();
            _codec.WriteItem(_writer, lease.Input);
            _writer.EndPart(part);
            _leases.NoteSent(ref lease, _writer.TotalLength - before);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever the item's own code throws while it is looked at: the item has failed, and nothing else.
            _writer.Undo(mark);
            lease.Verdict = new LeaseVerdict(ItemStatus.Failed, Calls.ItemNotSent(lease.Input, exception));
            return false;
        }
    }

    /// <summary>Begins the first of the leased items, if that has not been done, and ends those whose end is known already.</summary>
    private void BeginHead()
    {
        while (_leases.Count > 0 && !_mustReturn)
        {
            if (!_isHeadBegun)
            {
                if (_isPaused && _leases.First.IsSent && !_source.MayStart)
                {
                    // It has started nothing since an item failed, and gives back all that it has.
                    RecallOnce();
                    return;
                }

                if (!_source.TryBegin())
                {
                    _mustReturn = true;
                    return;
                }

                _isHeadBegun = true;
                _stops.Begin(_leases.First.Id);
                Volatile.Write(ref _headSince, Stopwatch.GetTimestamp());
                if (_isPaused && _leases.First.IsSent)
                {
                    _isPaused = false;
                    Current()?.Frames.Write(FrameKind.GoOn);
                }
            }

            if (_leases.First.Verdict is not { } verdict)
            {
                return;
            }

            if (verdict.Error is not null)
            {
                _sink.Write(RecordKind.Error, verdict.Error);
            }

            EndHead(verdict.End);
        }
    }

    private void EndHead(in ItemEnd end)
    {
        _stops.End();
        _leases.RemoveFirst();
        _isHeadBegun = false;
        _wasRecalled = false;
        _sink.Complete(end);
    }

    private void RecallOnce()
    {
        long last = _leases.Last.Id;
        RemoteConnection? connection;
        lock (_lock)
        {
            connection = _connection;
            if (connection is null || _isRecalling || _recalledLast == last)
            {
                return;
            }

            _recalledLast = last;
            _isRecalling = true;
        }

        connection.Frames.Write(FrameKind.Recall);
    }

    // ---- Receiving

    private void Receive()
    {
        if (_leases.Count == 0)
        {
            return;
        }

        RemoteConnection connection = Current() ?? throw new EndOfStreamException(Messages.WorkerGone);
        _othersWait = _source.OthersWait;
        FrameKind kind = Read(connection);
        switch (kind)
        {
            case FrameKind.Records:
                ReadRecords(connection.Reader);
                break;
            case FrameKind.Returned:
                TakeBack(connection);
                break;
            case FrameKind.Retiring:
                connection.IsRetiring = true;
                break;
            case FrameKind.Heartbeat:
                break;
            case FrameKind.Bye:
                throw new EndOfStreamException(Messages.WorkerLeft);
            default:
                throw new MalformedFrameException(Messages.WorkerAnswerUnasked);
        }

        if (_leases.Count > 1 && !_source.MayStart)
        {
            RecallOnce();
        }
    }

    private void ReadRecords(WireReader reader)
    {
        int ended = 0;
        while (reader.Remaining > 0 && !_mustReturn)
        {
            byte mark = reader.ReadByte();
            if (mark == RecordMark.End)
            {
                ReadEnd(reader);
                ended++;
            }
            else if (mark == RecordMark.Start)
            {
                _reportedStart = (long)reader.ReadVariable();
            }
            else if (mark < (byte)RecordKind.End)
            {
                ReadRecord(reader, (RecordKind)mark);
            }
            else
            {
                throw new MalformedFrameException(Messages.WorkerRecordOfNoKind);
            }
        }

        NoteEnded(ended);
    }

    private void ReadRecord(WireReader reader, RecordKind kind)
    {
        int end = reader.BeginPart();
        object? item = _leases.Count > 0 ? _leases.First.Input : null;
        try
        {
            _sink.Write(kind, _codec.ReadRecord(reader, kind, item));
        }
        catch (Exception exception) when (!RemoteConnection.IsLoss(exception) && exception is not OutOfMemoryException)
        {
            _sink.Write(RecordKind.Error, Calls.RecordNotRead(item, exception));
        }

        reader.EndPart(end);
    }

    private void ReadEnd(WireReader reader)
    {
        long id = (long)reader.ReadVariable();
        ItemEnd end = EndCodec.Read(reader);
        if (_leases.Count == 0 || _leases.First.Id != id || !_leases.First.IsSent)
        {
            throw new MalformedFrameException(Messages.WorkerEndedForeignItem);
        }

        _connection!.EndedCount++;
        _isPaused = end.Status is not ItemStatus.Succeeded;
        EndHead(end);
        BeginHead();
    }

    private void NoteEnded(int count)
    {
        long now = Stopwatch.GetTimestamp();
        if (count > 0)
        {
            _factory.Deaths.NoteAnswer();
            _sizer.Note(count, now - _sizedAt);
            Volatile.Write(ref _outstanding, _leases.Count);
        }

        _sizedAt = count > 0 || _sizedAt == 0 ? now : _sizedAt;
    }

    private void TakeBack(RemoteConnection connection)
    {
        long first = (long)connection.Reader.ReadVariable();
        int count = connection.Reader.ReadCount(0);
        lock (_lock)
        {
            _isRecalling = false;
        }

        bool isRight = _leases.TryTakeBack(first, count, _isHeadBegun, out int free);
        _source.Return(free);
        if (!isRight)
        {
            throw new MalformedFrameException(Messages.WorkerReturnedForeignItems);
        }

        // Or it would take them ahead again, and they would wait behind the same item.
        _wasRecalled = count > 0;
        connection.ItemCount -= count;
        Volatile.Write(ref _outstanding, _leases.Count);
    }

    // ---- Stopping

    private void SendStop(long lease, bool isFinal)
    {
        if (Current() is not { } connection)
        {
            return;
        }

        WireWriter writer = new();
        writer.WriteVariable((ulong)lease);
        writer.WriteBoolean(isFinal);
        try
        {
            connection.Frames.Write(FrameKind.StopItem, writer);
        }
        catch (Exception exception) when (RemoteConnection.IsLoss(exception))
        {
            // Then it has stopped.
            Debug.WriteLine(exception);
        }
    }

    /// <summary>Waits until the item has ended, and kills the worker if it does not.</summary>
    private void AwaitStop(long lease)
    {
        if (!_stops.TryAwaitEnd(lease, StopPatience))
        {
            Current()?.Kill();
        }
    }

    private void RecallIfOthersWait(RemoteConnection connection, long now)
    {
        long lease = _stops.Current;
        lock (_lock)
        {
            if (lease == 0
                || _connection != connection
                || !_mayRecall
                || _isRecalling
                || _isSending
                || _recalledLease == lease
                || Volatile.Read(ref _outstanding) < 2
                || Elapsed(Volatile.Read(ref _headSince), now) < _recallPatience
                || !(_othersWait || _source.OthersWait))
            {
                return;
            }

            _recalledLease = lease;
            _isRecalling = true;
        }

        connection.Frames.Write(FrameKind.Recall);
    }

    // ---- Dying

    /// <summary>The worker is lost: its item is, too, and the others will be sent to another one.</summary>
    private void Bury(Exception cause)
    {
        if (TakeConnection() is not { } connection)
        {
            return;
        }

        if (cause is MalformedFrameException)
        {
            connection.Kill();
        }

        ExitReason reason = connection.AwaitEnd();
        long culprit = connection.Beacon?.Running ?? _reportedStart;
        Condemn(culprit, connection, reason);
        bool isStopped = _stop.IsCancellationRequested;
        bool isNobodys = culprit == 0 && connection.EndedCount == 0;
        IReadOnlyList<string> lastErrors = connection.LastErrors();
        connection.Dispose();
        _isPaused = false;
        if (!isStopped && isNobodys && _factory.Deaths.NoteDeath())
        {
            throw Calls.CannotStart(new FarEndStartException(Messages.WorkerEndedBeforeItem, cause)
            {
                Exit = reason, LastErrors = lastErrors,
            });
        }

        BeginHead();
    }

    private void Condemn(long culprit, RemoteConnection connection, ExitReason reason)
    {
        bool isOthers = _stops.WasKilledForAnother(culprit);
        int free = _leases.Condemn(culprit, isOthers ? null : input => _stops.WasStopped(culprit)
            ? new LeaseVerdict(ItemStatus.Canceled, null)
            : new LeaseVerdict(
                new ItemEnd(ItemStatus.Crashed) { ExitCode = reason.ExitCode },
                Calls.WorkerDied(input, connection.Description, reason, connection.LastErrors())));
        _source.Return(free);
        Volatile.Write(ref _outstanding, _leases.Count);
    }
}
