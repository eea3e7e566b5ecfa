using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// A worker whose items run in another process. It sends them some at a time and a little ahead, and hands on what comes back; a process
/// that dies is replaced, and costs the item that it was running.
/// </summary>
/// <remarks>
/// One thread sends and receives: the other process reads what it is sent at once, so neither waits for the other to read. Stops come on
/// other threads.
/// </remarks>
internal sealed class RemoteWorker : IBatchWorker
{
    private static readonly TimeSpan _recallAfter = TimeSpan.FromMilliseconds(20);

    private readonly RemoteWorkerFactory _factory;
    private readonly InFlightItems _items = new();
    private readonly RunningItem _running = new();
    private readonly ItemProgress _progress;
    private readonly IRemoteCodec _codec;
    private readonly FileService? _files;
    private readonly RecordReader _records;
    private readonly ItemSender _sender;
    private readonly CancellationTokenSource _stop = new();
    private readonly CurrentConnection _connection;
    private readonly WorkerStops _stops;
    private readonly WorkerLosses _losses;
    private readonly WorkerSumming _summing;

    // Read or set on other threads, too.
    private volatile bool _isStopped;
    private volatile bool _othersWait;

    public RemoteWorker(RemoteWorkerFactory factory, int number)
    {
        _factory = factory;
        _codec = factory.Calls.CreateCodec(number);
        _files = factory.Options.Files is { } options ? new FileService(options) : null;
        _progress = new ItemProgress(_items, _running);
        _records = new RecordReader(_progress, _items, _codec, factory.Calls, _files);
        _sender = new ItemSender(_items, factory.Calls, _codec, _files);
        _summing = new WorkerSumming(_items, _progress, _running, ReadRecords, _stop.Token);
        _connection = new CurrentConnection(factory, _codec, _files, BeginWorker, ReadRecords, _summing.Run, _stop.Token);
        _stops = new WorkerStops(_running, _connection, factory.Options.StopGrace);
        _losses = new WorkerLosses(factory, _connection, _items, _progress, _records, _running, _stop.Token);
    }

    public string? HostName => _connection.Value?.HostName;

    public int? ProcessId => _connection.Value is { HostName: null, ProcessId: > 0 } connection ? connection.ProcessId : null;

    public TimeSpan? RunTime => _progress.RunTime;

    private RemoteOptions Options => _factory.Options;

    public void Open(IItemSink sink)
    {
        _progress.Sink = sink;
        long start = Stopwatch.GetTimestamp();

        // First: one that was kept may have been stopped from outside since.
        _factory.KeepAlive.Add(this);
        _connection.Open();
        _factory.NoteOpened(start, _connection.Value?.ProcessId ?? 0);
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        _progress.BeginRun(source.Ahead ?? throw new ArgumentException("Its items must be to be had ahead.", nameof(source)), sink);
        BeginFirst();
        while (!_progress.MustReturn && TopUp())
        {
            try
            {
                Receive();
            }
            catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
            {
                HandleLoss(exception);
            }
            catch (WorkerStartException)
            {
                GiveUp();
                throw;
            }
        }

        if (_factory.HasLastWords)
        {
            ReceiveLastWords();
        }
    }

    public void Finish(IItemSink sink)
    {
        if (_connection.Value is not { } connection)
        {
            return;
        }

        _progress.BeginFinish(sink);
        try
        {
            _summing.Run(connection, _connection.Recall);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            try
            {
                HandleLoss(exception);
            }
            catch (WorkerStartException failure) when (failure.IsShortage)
            {
                // Its machine is gone, too, and it was to leave.
                Debug.WriteLine(failure);
            }
        }
    }

    public void StopItem() => _stops.Request(_running.RequestStop(), isFinal: false);

    public void Stop()
    {
        _isStopped = true;
        long item = _running.RequestStop();
        _stop.Cancel();
        _stops.Request(item, isFinal: true);
    }

    public void Abandon()
    {
        _stop.Cancel();
        _connection.Use(connection => connection.Kill());
    }

    public void Dispose()
    {
        _factory.KeepAlive.Remove(this);
        _codec.Drop(null);
        _files?.Clear();

        // What the worker was stopped on has ended, and it has dropped the rest; or it was never stopped and has ended all.
        _connection.Release(isQuiet: _running.Current == 0 && (_items.Count == 0 || _isStopped), mayReuse: _factory.Hosts.IsHere || !_isStopped);
    }

    /// <summary>Does what is due from time to time. On the thread of <see cref="KeepAlive"/>.</summary>
    public void Poll()
    {
        if (_connection.Value is { } connection)
        {
            connection.Poll(Options.SilenceTimeout);
            RecallIfOthersWait();
        }
    }

    private void BeginFirst() => _progress.BeginFirst(_connection.Value, _connection.Recall);

    private void BeginWorker()
    {
        _running.BeginWorker();
        _progress.IsPaused = false;
        _records.ReportedStart = 0;
    }

    /// <summary>Sends what the worker may have, after waiting for an item if it has none.</summary>
    /// <returns>False if there is nothing to wait for any more.</returns>
    private bool TopUp()
    {
        if (_items.Count == 0 && !_progress.TryReserveFirst())
        {
            return false;
        }

        if (_progress.MustReturn || _stop.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            if (_progress.IsPaused && _items.HasSent)
            {
                BeginFirst();
            }

            if (!(_progress.IsPaused && _items.HasSent) && _connection.GetOrReplace(_items) is { } connection
                && _connection.Recall!.TryBeginSending())
            {
                try
                {
                    _sender.Send(connection, _progress.HasGivenBack ? null : _progress.Source, Options.MaxItems, isIdle: !_progress.HasBegun);
                }
                finally
                {
                    _connection.Recall.EndSending();
                }
            }

            BeginFirst();
        }
        catch (WorkerStartException exception) when (exception.IsShortage)
        {
            GiveUp();
            throw;
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // It is dead. But what it has sent before is still to be received, and only then is it known what died with it.
            Debug.WriteLine(exception);
        }

        return !_progress.MustReturn;
    }

    /// <summary>Takes what the item that is stopped with the whole run says until it has ended.</summary>
    private void ReceiveLastWords()
    {
        try
        {
            while (_isStopped && _running.Current != 0)
            {
                Receive();
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            HandleLoss(exception);
        }
    }

    private void HandleLoss(Exception cause)
    {
        _codec.Drop(_progress.Sink);
        _progress.Sink.EndSums(SumsEnd.Lost);
        _losses.Handle(cause);
    }

    /// <summary>Lets the worker go with all its items, which the run takes back or accounts for.</summary>
    private void GiveUp()
    {
        if (_connection.TakeLost() is { } connection)
        {
            connection.Kill();
            connection.Dispose();
        }

        _codec.Drop(null);
        _progress.GiveUp();
    }

    private void Receive()
    {
        if (_items.Count == 0)
        {
            return;
        }

        RemoteConnection connection = _connection.Value ?? throw new EndOfStreamException(Messages.WorkerGone);
        _othersWait = _progress.Source.OthersWait;
        switch (connection.Read())
        {
            case FrameKind.Records:
                ReadRecords(connection);
                break;
            case FrameKind.Returned:
                _connection.Recall!.NoteAnswer();
                connection.ItemCount -= _progress.TakeBack(connection.Reader);
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

        if (_items.Count > 1 && !_progress.Source.MayStart)
        {
            _connection.Recall!.AskBehind(_items.Last.Id);
        }
    }

    private void ReadRecords(RemoteConnection connection)
    {
        int ended = _records.Read(connection, _connection.Recall);
        _sender.NoteEnded(ended);
        if (ended > 0)
        {
            _connection.Host?.NoteDone(ended);
            _factory.CrashLoop.NoteAnswer();
        }
    }

    private void RecallDuring(long item)
    {
        try
        {
            _connection.Recall?.AskDuring(item);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // The worker's own thread finds out, and does what is to be done.
            Debug.WriteLine(exception);
        }
    }

    private void RecallIfOthersWait()
    {
        long running = _running.Current;
        if (running != 0 && _items.Count > 1 && _progress.RunTime >= _recallAfter && (_othersWait || _progress.Source.OthersWait))
        {
            // A worker that does not read lets this wait, and the thread that finds that out must not.
            ThreadPool.UnsafeQueueUserWorkItem(static ask => ask.Worker.RecallDuring(ask.Item), (Worker: this, Item: running), preferLocal: false);
        }
    }
}
