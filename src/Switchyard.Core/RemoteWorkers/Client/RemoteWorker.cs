using System.Diagnostics;
using Switchyard.Core.Transports;
using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

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
    public static readonly TimeSpan StopGracePeriod = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan _recallTimeout = TimeSpan.FromMilliseconds(20);

    private readonly RemoteWorkerFactory _factory;
    private readonly IRemoteCodec _codec;
    private readonly InFlightItems _leases = new();
    private readonly InFlightStops _stops = new();
    private readonly ItemSender _sender;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConnectionOpener _opener;
    private IItemAhead _source = null!;
    private IItemSink _sink = null!;
    private bool _isHeadBegun;
    private bool _mustReturn;
    private bool _isPaused;
    private bool _hasGivenBack;
    private long _reportedStart;

    // Read or set by those who look after it or stop it, too.
    private volatile RemoteConnection? _connection;
    private volatile ItemRecall? _recall;
    private volatile bool _isStopped;
    private volatile bool _othersWait;
    private long _headSince;

    /// <summary>Makes a worker.</summary>
    /// <param name="factory">What it shares with the others of its run.</param>
    public RemoteWorker(RemoteWorkerFactory factory)
    {
        _factory = factory;
        _codec = factory.Calls.CreateCodec();
        _sender = new ItemSender(_leases, factory.Calls, _codec);
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
        _factory.NoteOpened(start, _connection?.ProcessId ?? 0);
        _factory.KeepAlive.Add(this);
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
            catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
            {
                ReportDeath(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void StopItem()
    {
        long lease = _stops.Request();
        _connection?.RequestStop(lease, isFinal: false);
        AwaitStop(lease);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _isStopped = true;
        long lease = _stops.Request();
        _stop.Cancel();
        _connection?.RequestStop(lease, isFinal: true);
        AwaitStop(lease);
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        _stop.Cancel();
        _connection?.Kill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factory.KeepAlive.Remove(this);
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
        else if (!Options.Reuses || connection.ItemsLeft(Options.MaxItems) == 0)
        {
            connection.SayBye();
        }
        else
        {
            GiveBack(connection);
        }
    }

    /// <summary>Does what is due from time to time. On the pulse's thread.</summary>
    public void Poll()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        try
        {
            connection.Poll(Options.SilenceTimeout);
            RecallIfOthersWait();
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // The worker's own thread finds out, and does what is to be done.
            Debug.WriteLine(exception);
        }
    }

    private RemoteConnection? TakeConnection() => Interlocked.Exchange(ref _connection, null);

    // ---- Connecting

    private void Connect()
    {
        _recall = null;
        _opener.Open(Use, ReadRecords, () => TakeConnection());
        _recall = new ItemRecall(_connection!.Frames);
    }

    private void Use(RemoteConnection connection)
    {
        // Not only a write: it must be seen before the caller of this looks whether to stop, as a stop looks for it.
        Interlocked.Exchange(ref _connection, connection);
        _stops.BeginWorker();
        _isPaused = false;
        _reportedStart = 0;
    }

    private void GiveBack(RemoteConnection connection)
    {
        try
        {
            _recall?.End();
            connection.Frames.Write(FrameKind.EndBatch);
            _factory.Pool.Return(connection, Options.IdleTime);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // All its items have ended, so it owes nobody anything.
            Debug.WriteLine(exception);
            connection.Kill();
            connection.Dispose();
        }
    }

    // ---- Sending

    /// <summary>Sends what the worker may have, after waiting for an item if it has none.</summary>
    /// <returns>False if there is nothing to wait for any more.</returns>
    private bool TopUp()
    {
        if (_leases.Count == 0 && !TryReserveFirst())
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

            if (!(_isPaused && _leases.HasSent) && EnsureConnected() is { } connection && _recall!.TryBeginSending())
            {
                try
                {
                    _sender.Send(connection, _hasGivenBack ? null : _source, Options.MaxItems, isIdle: !_isHeadBegun);
                }
                finally
                {
                    _recall.EndSending();
                }
            }

            BeginHead();
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // It is dead. But what it has sent before is still to be received, and only then is it known what died with it.
            Debug.WriteLine(exception);
        }

        return !_mustReturn;
    }

    private bool TryReserveFirst()
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
            RemoteConnection? connection = _connection;
            if (connection?.ItemsLeft(Options.MaxItems) > 0)
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
                    _recall?.AskBehind(_leases.Last.Id);
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
                    _connection?.Frames.Write(FrameKind.GoOn);
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
        _hasGivenBack = false;
        _sink.Complete(end);
    }

    // ---- Receiving

    private void Receive()
    {
        if (_leases.Count == 0)
        {
            return;
        }

        RemoteConnection connection = _connection ?? throw new EndOfStreamException(Messages.WorkerGone);
        _othersWait = _source.OthersWait;
        switch (connection.Read())
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
            _recall!.AskBehind(_leases.Last.Id);
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

        _sender.NoteEnded(ended);
        if (ended > 0)
        {
            _factory.CrashLoop.NoteAnswer();
        }
    }

    private void ReadRecord(WireReader reader, RecordKind kind)
    {
        int end = reader.BeginPart();
        object? item = _leases.Count > 0 ? _leases.First.Input : null;
        try
        {
            _sink.Write(kind, _codec.ReadRecord(reader, kind, item));
        }
        catch (Exception exception) when (!FrameStream.IsConnectionLost(exception) && exception is not OutOfMemoryException)
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

    private void TakeBack(RemoteConnection connection)
    {
        long first = (long)connection.Reader.ReadVariable();
        int count = connection.Reader.ReadCount(0);
        _recall!.NoteAnswer();
        bool isRight = _leases.TryTakeBack(first, count, _isHeadBegun, out int free);
        _source.Return(free);
        if (!isRight)
        {
            throw new MalformedFrameException(Messages.WorkerReturnedForeignItems);
        }

        // Or it would take them ahead again, and they would wait behind the same item.
        _hasGivenBack = count > 0;
        connection.ItemCount -= count;
    }

    // ---- Stopping

    /// <summary>Waits until the item has ended, and kills the worker if it does not.</summary>
    private void AwaitStop(long lease)
    {
        if (!_stops.TryAwaitEnd(lease, StopGracePeriod))
        {
            _connection?.Kill();
        }
    }

    private void RecallIfOthersWait()
    {
        long running = _stops.Current;
        if (running != 0
            && _leases.Count > 1
            && Stopwatch.GetElapsedTime(Volatile.Read(ref _headSince)) >= _recallTimeout
            && (_othersWait || _source.OthersWait))
        {
            _recall?.AskDuring(running);
        }
    }

    // ---- Dying

    /// <summary>The worker is lost: its item is, too, and the others will be sent to another one.</summary>
    private void ReportDeath(Exception cause)
    {
        if (TakeConnection() is not { } connection)
        {
            return;
        }

        _recall = null;
        if (cause is MalformedFrameException)
        {
            connection.Kill();
        }

        ExitReason reason = connection.AwaitEnd();
        long runningItem = connection.CrashMarker?.Running ?? _reportedStart;
        MarkCrashed(runningItem, connection, reason);
        bool isStopped = _stop.IsCancellationRequested;
        bool isNobodys = runningItem == 0 && connection.EndedCount == 0;
        IReadOnlyList<string> lastErrors = connection.LastErrors();
        connection.Dispose();
        _isPaused = false;
        if (!isStopped && isNobodys && _factory.CrashLoop.NoteCrash())
        {
            throw Calls.CannotStart(new TransportStartException(Messages.WorkerEndedBeforeItem, cause)
            {
                Exit = reason, LastErrors = lastErrors,
            });
        }

        BeginHead();
    }

    private void MarkCrashed(long runningItem, RemoteConnection connection, ExitReason reason)
    {
        bool isOthers = _stops.WasKilledForAnother(runningItem);
        int free = _leases.MarkCrashed(runningItem, isOthers ? null : input => _stops.WasStopped(runningItem)
            ? new DecidedEnd(ItemStatus.Canceled, null)
            : new DecidedEnd(
                new ItemEnd(ItemStatus.Crashed) { ExitCode = reason.ExitCode },
                Calls.WorkerDied(input, connection.Description, reason, connection.LastErrors())));
        _source.Return(free);
    }
}
