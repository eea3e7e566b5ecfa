using Switchyard.Core.Executables;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.RemoteWorkers.Server;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>A batch of a program's in a worker process: run there as on the caller's own machine, and its bytes sent to who makes lines and files of them.</summary>
internal sealed class HostedExecutable : IHostedBatch, IExecutableCalls
{
    private readonly ExecutableWorkerFactory _programs;
    private readonly IReadOnlyList<string> _before;

    /// <param name="options">The program as it was found on this machine.</param>
    /// <param name="before">What stands before its arguments.</param>
    public HostedExecutable(ExecutableOptions options, IReadOnlyList<string> before)
    {
        _before = before;
        _programs = new ExecutableWorkerFactory(options with { IsRaw = true }, this);
        Worker = _programs.Create(1);
    }

    public IBatchWorker Worker { get; }

    public object? ReadItem(WireReader reader) => RemoteCall.Read(reader);

    public void WriteRecord(WireWriter writer, RecordKind kind, object? value)
    {
        switch (value)
        {
            case byte[] data:
                writer.WriteByte((byte)(kind == RecordKind.Error ? RecordContent.ErrorBytes : RecordContent.OutputBytes));
                writer.WriteBytes(data);
                break;
            case string answer:
                writer.WriteByte((byte)RecordContent.Answer);
                writer.WriteString(answer);
                break;
            default:
                writer.WriteByte((byte)RecordContent.Report);
                ((ProgramReport)value!).Write(writer);
                break;
        }
    }

    public ExecutableCall Prepare(in BatchItem item, int slot) => ((RemoteCall)item.Input!).ToCall(_before);

    /// <summary>Of a report its caller makes the error.</summary>
    public object Make(object? input, ProgramReport report) => report with { Index = (input as RemoteCall)?.Index ?? -1 };

    public object ItemNotRead(Exception cause) => new ProgramReport(
        cause is not FileTransferException failure ? ReportKind.StreamFailed : failure.IsComing ? ReportKind.FileNotReceived : ReportKind.FileNotSent, cause);

    public object RecordNotSent(object? value, Exception cause) => new ProgramReport(ReportKind.StreamFailed, cause);

    public void Dispose() => _programs.Dispose();
}
