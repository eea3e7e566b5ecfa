using System.Management.Automation.Host;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.SharedState;
using Switchyard.Core.Transports;
using Switchyard.Core.Transports.Commands;
using Switchyard.Errors;
using Switchyard.ProcessWorkers.Hosts;

namespace Switchyard.ProcessWorkers;

/// <summary>The caller's side of worker processes, in PowerShell's terms.</summary>
/// <param name="source">Where the body's lines are; null if there is no body.</param>
/// <param name="createCodec">Makes what writes a worker's items and reads its records, by the worker's number; null for those of a body.</param>
internal sealed class ProcessCalls(
    byte[] settings, SourceLines? source, string name, ProviderObjects providers, PSHost host, Func<int, IRemoteCodec>? createCodec = null) : IRemoteCalls
{
    private int _saidNotThere;

    /// <summary>Whether workers are on other machines.</summary>
    public bool IsFar { get; init; }

    /// <summary>Whether items go in groups.</summary>
    public bool SendsGroups { get; init; }

    /// <summary>What far workers can have sent.</summary>
    public IReadOnlyList<SentModule> Modules { get; init; } = [];

    public void WriteBatch(WireWriter writer)
    {
        writer.WriteBoolean(createCodec is not null);
        writer.WriteRaw(settings);
    }

    public IRemoteCodec CreateCodec(int number) => createCodec?.Invoke(number) ?? new Codec(providers, source, this);

    public WorkerStartException ReadFailure(WireReader reader, string worker)
    {
        string message = reader.ReadText();
        ErrorRecord record = new RecordCodec(new ValueWriter(), new ValueReader(providers, SharedObject.ReadOfFarWorker)).ReadError(reader, null);
        if (createCodec is null && !IsFar)
        {
            return new WorkerStartException(message, record.Exception) { IsFinal = true, Subject = record };
        }

        // It would say the same again, and another machine may do better.
        ErrorRecord missing = OnWorker(worker, record);
        return new WorkerStartException(missing.Exception.Message, record.Exception) { IsFinal = true, Subject = missing };
    }

    public object ItemNotSent(object? item, Exception cause) => ProcessErrors.ItemNotSent(item, cause);

    public object RecordNotRead(object? item, Exception cause) => ProcessErrors.OutputNotRead(item, cause);

    public object WorkerDied(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        ProcessErrors.WorkerCrashed(item, worker, reason, lastErrors);

    public WorkerStartException CannotStart(TransportStartException cause) =>
        new(cause.Message, cause) { IsShortage = !cause.IsOfAll, Subject = ProcessErrors.WorkerNotStarted(name, cause) };

    public WorkerStartException CannotStart(TransportStartException cause, string host)
    {
        ErrorRecord record = ProcessErrors.HostNotUsable(host, name, cause);
        return new WorkerStartException(record.Exception.Message, cause)
        {
            IsFinal = cause.IsFinal || FarStart.IsFinal(cause.Exit),

            // A way that cannot be taken is complained of, and what ends by itself before it is a worker has not begun to be one.
            HasBegun = LossRules.WasCutOff(cause.Exit, cause.LastErrors) && !FarStart.HasEndedItself(cause),
            Subject = record,
        };
    }

    public object HostLost(string host, WorkerStartException cause) => new WarningRecord(MessageText.Format(Messages.HostLost, host, cause.Message));

    public WorkerStartException NoHost(IReadOnlyList<(string Host, WorkerStartException Cause)> failures)
    {
        // What is wrong with the work is wrong everywhere, and is no fault of any machine.
        ErrorRecord[] records = [.. failures.Select(failure => failure.Cause.Subject).OfType<ErrorRecord>().DistinctBy(error => error.FullyQualifiedErrorId)];
        ErrorRecord record = records is [var only] && (failures.Count == 1 || only.CategoryInfo.Category != ErrorCategory.ConnectionError) ? only : ProcessErrors.NoHostUsable([.. failures.Select(failure => failure.Cause.Message)]);
        return new WorkerStartException(record.Exception.Message, failures.Count > 0 ? failures[^1].Cause : null) { IsShortage = true, Subject = record };
    }

    public void WriteOutputLine(string line, bool isError)
    {
        if (host.UI is not { } ui)
        {
            return;
        }

        try
        {
            lock (ui)
            {
                if (isError)
                {
                    ui.WriteErrorLine(line);
                }
                else
                {
                    ui.WriteLine(line);
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A host that cannot be written to from here; the line is not needed by any item.
            Debug.WriteLine(exception);
        }
    }

    private void SendModule(Stream stream, string hash) =>
        FileArchive.Write(stream, (Modules.FirstOrDefault(module => module.Hash == hash) ?? throw new IOException(Messages.FileNotOffered)).Files);

    /// <summary>What a worker has found missing where it is: told as it tells it, with its place.</summary>
    private static ErrorRecord OnWorker(string worker, ErrorRecord error) => new(
        new InvalidOperationException(MessageText.Format(Messages.OnWorker, worker, error.Exception.Message), error.Exception),
        error.FullyQualifiedErrorId,
        error.CategoryInfo.Category,
        error.TargetObject);

    private sealed class Codec : IRemoteCodec
    {
        private readonly ValueWriter _items = new();
        private readonly RecordCodec _records;
        private readonly ProcessCalls _calls;
        private bool _isFar;

        public Codec(ProviderObjects providers, SourceLines? source, ProcessCalls calls)
        {
            _calls = calls;
            _records = new RecordCodec(new ValueWriter(), new ValueReader(providers, ReadShared), source);
        }

        public IReadOnlyDictionary<string, TunnelService> Begin(bool isFar)
        {
            _isFar = isFar;
            return new Dictionary<string, TunnelService> { [SharedStateHub.ServiceName] = SharedObject.Hub.Serve, [SentModule.Service] = _calls.SendModule };
        }

        public void WriteItem(WireWriter writer, in BatchItem item)
        {
            if (_calls.SendsGroups)
            {
                IReadOnlyList<object?> members = (item.Input as PreparedItem)?.Members ?? [item.Input];
                writer.WriteCount(members.Count);
                foreach (object? member in members)
                {
                    Write(writer, member);
                }
            }
            else
            {
                Write(writer, item.Input);
            }
        }

        private void Write(WireWriter writer, object? input)
        {
            switch (input)
            {
                case PreparedItem { Failure: { } failure }:
                    throw new ItemRefusedException(failure);
                case PreparedItem { Snapshot: { } snapshot }:
                    writer.WriteRaw(snapshot);
                    break;
                case PreparedItem prepared:
                    _items.Write(writer, prepared.Item);
                    break;
                default:
                    _items.Write(writer, input);
                    break;
            }
        }

        public bool ReadRecord(WireReader reader, RecordKind kind, in BatchItem item, IItemSink sink)
        {
            object? record = _records.Read(reader, kind, item.Input);
            if (_isFar && record is WarningRecord { Message: var message } && message.StartsWith(FileErrors.NotThereMark, StringComparison.Ordinal))
            {
                record = Interlocked.Exchange(ref _calls._saidNotThere, 1) == 0
                    ? new WarningRecord(FileErrors.FileItemNotThere(message[FileErrors.NotThereMark.Length..]))
                    : null;
            }

            if (record is not null || kind != RecordKind.Warning)
            {
                sink.Write(kind, record);
            }

            return true;
        }

        private SharedObject ReadShared(WireReader reader) => _isFar ? SharedObject.ReadOfFarWorker(reader) : SharedObject.Read(reader);
    }
}
