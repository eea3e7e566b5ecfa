using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.Stopping;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>
/// The worker's side of a <see cref="Client.RemoteWorker"/>: one thread receives and never writes, the calling one runs one batch after another, as a worker of
/// the caller's own process would.
/// </summary>
internal sealed class WorkerServer : IDisposable
{
    // What was sent before the connection ended is there at once.
    private static readonly TimeSpan _farewellTimeout = TimeSpan.FromSeconds(5);

    private readonly FrameStream _frames;
    private readonly FileBatchHost _host;
    private readonly Action _lost;
    private readonly WorkerInbox _inbox = new();
    private readonly object _returnLock = new();
    private readonly RecordSender _records;
    private readonly WireWriter _writer = new();
    private readonly MemoryLimit _memory = new();
    private UserCodeInterrupter _interrupter = null!;
    private BatchHeader _header;
    private ServerStops? _stops;
    private IHostedBatch? _batch;
    private bool _isLeaving;

    /// <summary>Serves over a connection on which nothing was said yet.</summary>
    /// <param name="crashMarker">Memory that is shared with the caller; null if there is none.</param>
    /// <param name="lost">Called when the connection has ended without a word: what runs has no caller any more. On another thread.</param>
    public WorkerServer(Stream stream, CrashMarker? crashMarker, IBatchHost host, Action lost)
    {
        _frames = new FrameStream(stream);
        Tunnel = new Tunnel(_frames) { Records = new RecordWindow() };
        _records = new RecordSender(_frames, crashMarker, Tunnel.Records);
        _host = new FileBatchHost(host, () => Tunnel.Open(FileService.Name, string.Empty));
        _lost = (Action)_host.Leave + lost;
    }

    /// <summary>Streams to the caller, for a worker that has no other way to it.</summary>
    public Tunnel Tunnel { get; }

    public void Run(WorkerHello hello)
    {
        _interrupter = new UserCodeInterrupter(Thread.CurrentThread);
        hello.Send(_frames);
        Thread receiver = new(Receive) { IsBackground = true, Name = "Switchyard frames" };
        receiver.Start();
        WireReader settings = new();
        try
        {
            while (!_isLeaving && _inbox.TryTakeBatch(settings))
            {
                RunBatch(settings);
            }

            if (_isLeaving)
            {
                _frames.Write(FrameKind.Bye);
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // The receiving thread finds whether the caller has said goodbye before. What does not follow the protocol did not come from a caller.
            Debug.WriteLine(exception);
            if (exception is MalformedFrameException || !receiver.Join(_farewellTimeout))
            {
                _lost();
            }
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        _records.Dispose();
        _frames.Dispose();
    }

    private void RunBatch(WireReader settings)
    {
        _header = BatchHeader.Read(settings);
        Tunnel.IsOffered = _header.LimitsRecords;
        _records.BeginBatch(_header);
        IHostedBatch? batch = null;
        ServerSink sink = new(_inbox, _records, _interrupter, Complete);
        try
        {
            batch = Open(settings, sink);
            if (batch is not null)
            {
                ServerSource source = new(_inbox, _records, _interrupter, batch, _stops!, Complete);
                while (!source.IsOver && !_inbox.IsStopped)
                {
                    RunItems(batch.Worker, source, sink);
                }

                if (_inbox.TryStartFinish())
                {
                    Finish(batch.Worker, sink);
                }
            }

            // Whether or not it began: until the caller has heard, and says that it is over.
            _inbox.DropToEnd(_records.Send);
        }
        finally
        {
            Interlocked.Exchange(ref _stops, null)?.AwaitEnd();
            batch?.Worker.Dispose();
            batch?.Dispose();
            _records.EndBatch();
            _header = _header with { SilenceTimeout = _header.IdleTimeout };
        }

        EndBatch();
    }

    /// <summary>Begins a batch, and tells the caller whether it has.</summary>
    private IHostedBatch? Open(WireReader settings, ServerSink sink)
    {
        IHostedBatch? batch = null;
        _writer.Clear();
        try
        {
            batch = _batch = _host.Begin(settings, sink, folder: null);
            _records.Use(batch);
            Volatile.Write(ref _stops, new ServerStops(batch.Worker, _inbox, _interrupter));
            _interrupter.Allow();
            batch.Worker.Open(sink);
            _writer.WriteBoolean(true);
        }
        catch (Exception exception) when (exception is not MalformedFrameException)
        {
            _records.Send();
            _writer.WriteBoolean(false);
            _host.WriteFailure(_writer, exception);
            batch?.Worker.Dispose();
            batch?.Dispose();
            batch = null;
        }
        finally
        {
            _interrupter.Forbid();
        }

        _records.Send();
        _frames.Write(FrameKind.BatchBegun, _writer);
        return batch;
    }

    private void RunItems(IBatchWorker worker, ServerSource source, ServerSink sink)
    {
        ItemEnd unfinished = ItemStatus.Canceled;
        _interrupter.Allow();
        try
        {
            worker.Run(source, sink);
        }
        catch (WorkerStartException exception) when (!_inbox.IsStopped)
        {
            // Before the end that it may have: the caller starts nothing after that.
            _records.Write(RecordKind.Error, exception.Subject);
            _inbox.Stop();
            unfinished = exception.End ?? unfinished;
        }
        catch (Exception exception) when (!FrameStream.IsConnectionLost(exception) && (_inbox.Current != 0 || _inbox.IsStopped))
        {
            // Stopped so hard that it could not say so, or before it had begun.
            Debug.WriteLine(exception);
        }
        finally
        {
            _interrupter.Forbid();
        }

        _stops!.AwaitEnd();
        if (_inbox.Current != 0)
        {
            sink.Complete(unfinished);
        }
    }

    /// <summary>Runs what is to be run after the last item, and tells the caller how it has ended.</summary>
    private void Finish(IBatchWorker worker, ServerSink sink)
    {
        _interrupter.Allow();
        try
        {
            if (sink.Unsummed > 0)
            {
                worker.Finish(sink);
            }
        }
        catch (Exception exception) when (!FrameStream.IsConnectionLost(exception))
        {
            // Stopped so hard that it could not say so.
            Debug.WriteLine(exception);
            sink.EndSums(SumsEnd.Lost);
        }
        finally
        {
            _interrupter.Forbid();
        }

        _stops!.AwaitEnd();
        _records.Send();
        _inbox.EndCurrent();
        _writer.Clear();
        _writer.WriteBoolean(sink.Sums is null or SumsEnd.Written);
        _frames.Write(FrameKind.Finished, _writer);
    }

    private void EndBatch()
    {
        bool isReusable = _host.TryReset();
        _isLeaving |= !isReusable;
        _writer.Clear();
        _writer.WriteBoolean(isReusable);
        _frames.Write(FrameKind.BatchEnded, _writer);
    }

    private void Complete(long item, ItemEnd end)
    {
        if (_batch!.EndItem(end.Status) is { } failure)
        {
            _records.Write(RecordKind.Error, failure);
            end = end with { Status = ItemStatus.Failed };
        }

        // Before the caller is told: it may answer at once that the next item may start.
        if (_records.Settle(ref end) is not ItemStatus.Succeeded)
        {
            _inbox.Pause();
        }

        _records.End(item, end);
        _inbox.EndCurrent();
        if (_header.MaxMemory > 0 && _memory.IsExceeded(_header.MaxMemory))
        {
            GiveBack(retires: true);
            _records.Send();
            _frames.Write(FrameKind.Retiring);
        }
    }

    private void GiveBack(bool retires)
    {
        // In the order in which they are taken out.
        lock (_returnLock)
        {
            int count = _inbox.TakeBack(retires, out long first);
            _records.Return(first, count);
        }
    }

    // ---- On the receiving thread, which writes nothing: the caller's writes end because it always reads.

    private void Receive()
    {
        WireReader reader = new();
        using CallerSilence silence = new(() => _header.SilenceTimeout, () => _frames.HeardAt, _lost);
        silence.Start();
        try
        {
            while (Handle(_frames.Read(reader), reader))
            {
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            Debug.WriteLine(exception);
            _inbox.Close();
            Tunnel.Close();
            _lost();
        }
    }

    private bool Handle(FrameKind kind, WireReader reader)
    {
        switch (kind)
        {
            case FrameKind.BeginBatch:
                _inbox.AddBatch(_frames);
                break;
            case FrameKind.Items:
                if (!_inbox.AddItems(_frames))
                {
                    // Sent before the caller knew.
                    GiveBack(retires: true);
                }

                break;
            case FrameKind.GoOn:
                _inbox.GoOn();
                break;
            case FrameKind.Recall:
                GiveBack(retires: false);
                break;
            case FrameKind.StopItem:
                StopItem((long)reader.ReadVariable(), reader.ReadBoolean());
                break;
            case FrameKind.Finish:
                _inbox.Finish((long)reader.ReadVariable());
                break;
            case FrameKind.EndBatch:
                _inbox.EndBatch();
                break;
            case FrameKind.Heartbeat:
                break;
            case FrameKind.Bye:
                _inbox.Close();
                Tunnel.Close();
                return false;
            case var _ when Tunnel.Has(kind):
                Tunnel.Receive(kind, reader);
                break;
            default:
                throw new MalformedFrameException(Messages.CallerFrameUnknown);
        }

        return true;
    }

    private void StopItem(long item, bool isFinal)
    {
        if (isFinal)
        {
            _inbox.Stop();
        }

        Volatile.Read(ref _stops)?.Begin(item, isFinal);
    }
}
