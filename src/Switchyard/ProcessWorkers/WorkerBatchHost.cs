using System.Management.Automation.Runspaces;
using Switchyard.Codec;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteExecutables;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Hosting;
using Switchyard.ProcessWorkers.Hosts;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// Runs batches in a worker process, each in a session as a thread worker has it: nothing of one is seen by the next. What a session
/// does not hold is put back here (environment, current folder); what cannot be (code that was loaded) is the end of the process.
/// </summary>
internal sealed class WorkerBatchHost : IBatchHost
{
    private readonly bool _isFar;
    private readonly CallerHost _host = new();
    private readonly ProcessState _state;
    private readonly Thread _warmUp;

    /// <param name="isFar">Whether its callers are on another machine.</param>
    public WorkerBatchHost(bool isFar)
    {
        _isFar = isFar;
        _state = new ProcessState(isFar);
        _warmUp = WarmUp.Start(_host);
    }

    /// <summary>Of a far worker: opens a stream to its caller on which a module comes, by its hash.</summary>
    public Func<string, Stream>? OpenModule { get; set; }

    public IHostedBatch Begin(WireReader settings, IItemSink sink, string? folder)
    {
        // A script block remembers the language mode of the session that it is made in: that of the last batch is not this one's.
        Runspace.DefaultRunspace = null;
        if (settings.ReadBoolean())
        {
            ExecutableBatch program = ExecutableBatch.Read(settings);
            return BeginExecutable(folder is null ? program : program with { WorkingDirectory = folder });
        }

        IReadOnlyList<string> modules = _isFar ? FarModules.Get(settings, OpenModule!) : [];
        _state.UseModules(modules);
        ProcessBatch batch = BatchCodec.Read(settings, _host);
        batch = folder is null ? batch : batch with { CurrentDirectory = folder };
        batch = _isFar ? FarBatch.Settle(batch, modules) : batch;
        _warmUp.Join();
        _host.Written = written => sink.Write(RecordKind.Information, WorkerBatch.ToRecord(written));
        _state.Enter(batch);
        return new WorkerBatch(batch, _host, _isFar && folder is null ? sink : null);
    }

    private HostedExecutable BeginExecutable(ExecutableBatch batch)
    {
        _warmUp.Join();
        _state.EnterAsItIs();
        return new HostedExecutable(FarExecutable.Find(batch, out string[] before), before);
    }

    public void WriteFailure(WireWriter writer, Exception cause)
    {
        // A worker's failure to start is told by the record that it was made of; all else is a mistake of ours, and told as it is.
        ErrorRecord record = cause switch
        {
            WorkerStartException { Subject: ErrorRecord known } => known,
            BatchException known => known.Record,
            FileTransferException failure => FileErrors.FileFailed(failure, null),
            IContainsErrorRecord { ErrorRecord: { } own } => own,
            _ => new ErrorRecord(cause, cause.GetType().Name, ErrorCategory.NotSpecified, null),
        };
        writer.WriteString(record.Exception.Message);
        new RecordCodec(new ValueWriter()).WriteError(writer, record, null);
    }

    public bool TryReset() => _state.TryLeave();
}
