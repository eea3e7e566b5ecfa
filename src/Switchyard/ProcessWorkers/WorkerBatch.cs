using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Errors;
using Switchyard.Hosting;
using Switchyard.Runspaces;

namespace Switchyard.ProcessWorkers;

/// <summary>One batch in a worker process.</summary>
internal sealed class WorkerBatch : IHostedBatch
{
    private const string HostTag = "PSHOST";

    private readonly CallerHost _host;
    private readonly ValueWriter _values = new();
    private readonly RecordCodec _records;
    private readonly bool _getsGroups;
    private ValueReader? _items;
    private object? _item;
    private IItemSink? _missing;

    /// <param name="missing">Is told of an item that is a file and not here; null if that does not matter.</param>
    public WorkerBatch(ProcessBatch batch, CallerHost host, IItemSink? missing)
    {
        _missing = missing;
        _host = host;
        _getsGroups = batch.SendsGroups;
        _records = new RecordCodec(_values, new ValueReader(new ProviderObjects([], []), SharedObject.ReadOfCaller));
        SharedBody body = new(batch.Body, batch.Arguments);
        Worker = new RunspaceWorkerFactory(body, batch.Settings, isFresh: false, batch.HonoursRetryAfter).Create(1);
    }

    public IBatchWorker Worker { get; }

    public object? ReadItem(WireReader reader)
    {
        _item = null;
        if (!_getsGroups)
        {
            return _item = ReadValue(reader);
        }

        object?[] members = new object?[reader.ReadCount()];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = ReadValue(reader);
        }

        return _item = PreparedItem.Join(members);
    }

    public object? EndItem(ItemStatus status)
    {
        _item = null;
        return null;
    }

    public object? Relocate(object? item, IReadOnlyList<(ItemPlace Place, string? Path)> places) => _item = item is PreparedItem { Members: { } members }
        ? PreparedItem.Join([.. members.Select((member, i) => Relocate(member, places[i].Place, places[i].Path))])
        : Relocate(item, places[0].Place, places[0].Path);

    private object? Relocate(object? item, ItemPlace place, string? path)
    {
        if (path is null || place == ItemPlace.Text)
        {
            return path ?? item;
        }

        // Made as those are that are sent, with what a file's provider adds.
        WireWriter writer = new() { SendsBlobs = false };
        new ValueWriter().Write(writer, PSObjects.Unwrap(item) is DirectoryInfo ? new DirectoryInfo(path) : new FileInfo(path));
        WireReader reader = new();
        byte[] content = writer.ToArray();
        reader.Reset(content, 0, content.Length, []);
        return ReadValue(reader);
    }

    private object? ReadValue(WireReader reader)
    {
        _items ??= new ValueReader(ProviderObjects.OfRunningSession(), SharedObject.ReadOfCaller);
        object? value = _items.Read(reader);
        if (_missing is not null && PSObjects.Unwrap(value) is FileSystemInfo file && !Path.Exists(file.FullName))
        {
            _missing.Write(RecordKind.Warning, new WarningRecord(FileErrors.NotThereMark + file.FullName));
            _missing = null;
        }

        return value;
    }

    public void WriteRecord(WireWriter writer, RecordKind kind, object? value) => _records.Write(writer, kind, value, _item);

    public object ItemNotRead(Exception cause) => cause is FileTransferException failure ? FileErrors.FileFailed(failure, _item) : ProcessErrors.ItemNotRead(cause);

    public object RecordNotSent(object? value, Exception cause) => ProcessErrors.OutputNotSent(value, _item, cause);

    public void Dispose() => _host.Written = null;

    /// <summary>Makes what was written to the host a record of the information stream, as which it goes back.</summary>
    public static InformationRecord ToRecord(HostText written)
    {
        InformationRecord record = new(
            new HostInformationMessage
            {
                Message = written.Text,
                NoNewLine = !written.EndsLine,
                ForegroundColor = written.Foreground,
                BackgroundColor = written.Background,
            },
            HostTag);
        record.Tags.Add(HostTag);
        return record;
    }
}
