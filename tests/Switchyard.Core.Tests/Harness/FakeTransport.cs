using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Harness;

/// <summary>A remote worker that is a thread of this process.</summary>
internal sealed class FakeTransport : IWorkerTransport, IBatchHost
{
    private readonly FakeTransportLauncher _ends;
    private readonly DuplexPipe _pipe;
    private readonly ManualResetEventSlim _exited = new();
    private readonly CrashMarker? _workersMarker;
    private ExitReason _reason;

    public FakeTransport(FakeTransportLauncher ends, int number)
    {
        _ends = ends;
        _pipe = new DuplexPipe(ends.Room);
        Number = number;
        if (ends.HasCrashMarker)
        {
            string folder = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
            string place = CrashMarker.PlaceIn(folder)!;
            CrashMarker = CrashMarker.Create(place);
            _workersMarker = ends.LosesCrashMarker ? null : CrashMarker.TryOpen(place);
            Directory.Delete(folder, recursive: true);
        }
    }

    public int Number { get; }

    public Stream Stream => _pipe.Near;

    public Stream FarStream => _pipe.Far;

    public string Description => $"remote worker {Number}";

    public string? HostName => _ends.HostName;

    public CrashMarker? CrashMarker { get; }

    public Action<string, bool>? OutputHandler { get; set; }

    /// <summary>Where the items of its batch run, if their files are there.</summary>
    public string? Folder { get; private set; }

    /// <summary>Where the item that it runs is here.</summary>
    public string? ItemPath { get; private set; }

    /// <summary>Its way to the caller.</summary>
    public Tunnel? Tunnel { get; private set; }

    public bool HasExited => _exited.IsSet;

    public void Serve() => Bounded.Start($"remote worker {Number}", () =>
    {
        try
        {
            if (!_ends.Instead(Number, this))
            {
                using WorkerServer server = new(_pipe.Far, _workersMarker, this, () => Die(9));
                Tunnel = server.Tunnel;
                server.Run(new WorkerHello(WorkerHello.CurrentVersion, FakeTransportLauncher.Build, Number, _workersMarker is not null));
            }
        }
        catch (ThreadInterruptedException)
        {
            // Its process is gone, and this thread would have gone with it.
        }

        Exit(new ExitReason(0));
    });

    /// <summary>Dies on the spot, as a process does: the thread that runs an item goes no further.</summary>
    public void DieHere(int signal)
    {
        Die(signal);
        throw new ThreadInterruptedException();
    }

    public void Die(int signal) => Exit(ExitReason.FromSignal(signal, null));

    public void Kill() => Die(9);

    public void Release()
    {
    }

    public bool TryAwaitExit(TimeSpan timeout, out ExitReason reason)
    {
        bool hasExited = _exited.Wait(timeout);
        reason = _reason;
        return hasExited;
    }

    public IReadOnlyList<string> LastErrors() => ["last words"];

    public void Dispose() => _pipe.Cut();

    public IHostedBatch Begin(WireReader settings, IItemSink sink, string? folder)
    {
        Folder = folder;
        if (_ends.Batch is { } batch)
        {
            return batch(settings);
        }

        string said = settings.ReadText();
        return said == "refuse" ? throw new InvalidOperationException("refused") : new Batch(this);
    }

    public void WriteFailure(WireWriter writer, Exception cause) => writer.WriteString(cause.Message);

    public bool TryReset() => true;

    private void Exit(ExitReason reason)
    {
        lock (_exited)
        {
            if (!_exited.IsSet)
            {
                _reason = reason;

                // What is dead notes nothing any more.
                _workersMarker?.Dispose();
                _pipe.Cut();
                _exited.Set();
            }
        }
    }

    private sealed class Batch(FakeTransport end) : IHostedBatch
    {
        public IBatchWorker Worker { get; } = new Worker(end);

        public object? ReadItem(WireReader reader) => FakeCalls.Read(reader);

        public void WriteRecord(WireWriter writer, RecordKind kind, object? value) => FakeCalls.Write(writer, value);

        public object? Relocate(object? item, IReadOnlyList<(ItemPlace Place, string? Path)> places)
        {
            end.ItemPath = places[0].Path;
            return item;
        }

        public object ItemNotRead(Exception cause) => "not read: " + cause.Message;

        public object RecordNotSent(object? value, Exception cause) => "not sent: " + cause.Message;

        public void Dispose()
        {
        }
    }

    private sealed class Worker(FakeTransport end) : IBatchWorker
    {
        private readonly object _lock = new();
        private CancellationTokenSource _stop = new();

        public void Open(IItemSink sink)
        {
        }

        public void Run(IItemSource source, IItemSink sink)
        {
            lock (_lock)
            {
                _stop = new CancellationTokenSource();
            }

            while (source.TryTake(out BatchItem item))
            {
                ItemStatus status = ItemStatus.Succeeded;
                try
                {
                    end._ends.Body(new FakeItem((int)item.Input!, sink, end, _stop.Token));
                }
                catch (OperationCanceledException)
                {
                    sink.Complete(ItemStatus.Canceled);
                    return;
                }
                catch (Exception exception) when (exception is not ThreadInterruptedException)
                {
                    sink.Write(RecordKind.Error, exception.Message);
                    status = ItemStatus.Failed;
                }

                sink.Complete(status);
            }
        }

        public void Finish(IItemSink sink)
        {
            lock (_lock)
            {
                _stop = new CancellationTokenSource();
            }

            end._ends.Finish(new FakeItem(-1, sink, end, _stop.Token));
            sink.EndSums(SumsEnd.Written);
        }

        public void StopItem() => Stop();

        public void Stop()
        {
            lock (_lock)
            {
                _stop.Cancel();
            }
        }

        public void Abandon()
        {
        }

        public void Dispose()
        {
        }
    }
}
