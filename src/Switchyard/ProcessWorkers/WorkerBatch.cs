using System.Management.Automation;
using Switchyard.Codec;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Errors;
using Switchyard.Runspaces;

namespace Switchyard.ProcessWorkers;

/// <summary>One batch in a worker process.</summary>
internal sealed class WorkerBatch : IHostedBatch
{
    private const string HostTag = "PSHOST";

    private readonly AbsentHost _host;
    private readonly ValueWriter _values = new();
    private readonly RecordCodec _records;
    private ValueReader? _items;
    private object? _item;

    /// <summary>Prepares it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="host">The host that its session sees.</param>
    public WorkerBatch(ProcessBatch batch, AbsentHost host)
    {
        _host = host;
        _records = new RecordCodec(_values, new ValueReader(new ProviderObjects([], []), SharedObject.Read));
        SharedBody body = new(batch.Body, batch.Arguments);
        Worker = new RunspaceWorkerFactory(body, batch.Settings, isFresh: false, batch.HonoursRetryAfter).Create(1);
    }

    /// <inheritdoc/>
    public IBatchWorker Worker { get; }

    /// <inheritdoc/>
    public object? ReadItem(WireReader reader)
    {
        _item = null;
        _items ??= new ValueReader(ProviderObjects.OfRunningSession(), SharedObject.Read);
        return _item = _items.Read(reader);
    }

    /// <inheritdoc/>
    public void WriteRecord(WireWriter writer, RecordKind kind, object? value) => _records.Write(writer, kind, value, _item);

    /// <inheritdoc/>
    public object ItemNotRead(Exception cause) => ProcessErrors.ItemNotRead(cause);

    /// <inheritdoc/>
    public object RecordNotSent(object? value, Exception cause) => ProcessErrors.OutputNotSent(value, _item, cause);

    /// <inheritdoc/>
    public void Dispose() => _host.Written = null;

    /// <summary>Makes what was written to the host a record of the information stream, as which it goes back.</summary>
    /// <param name="written">What was written.</param>
    /// <returns>The record.</returns>
    public static InformationRecord ToRecord(HostInformation written)
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
