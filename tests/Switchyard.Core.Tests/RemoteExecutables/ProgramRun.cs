using System.Text;
using Switchyard.Core.Batch;
using Switchyard.Core.Executables;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>Runs a shell's scripts as programs, here or on remote workers, and says what came of it.</summary>
internal sealed class ProgramRun : IRemoteCalls
{
    private readonly ExecutableOptions _options;
    private readonly FakeExecutableCalls _calls = new();

    public ProgramRun(InputMode mode = InputMode.None, bool asBytes = false, OutputFolder? folder = null, string program = "/bin/sh", TimeSpan? grace = null) =>
        _options = new ExecutableOptions
        {
            FileName = program,
            Environment = new ChildEnvironment([]),
            WorkingDirectory = Environment.CurrentDirectory,
            InputMode = mode,
            AsBytes = asBytes,
            OutputFolder = folder,
            Grace = grace ?? TimeSpan.FromSeconds(20),
            StopGrace = grace ?? TimeSpan.FromSeconds(20),
        };

    public CollectingSink Sink { get; } = new();

    public BatchOptions Batch { get; init; } = new() { ThrottleLimit = 1, CollectResults = true };

    /// <summary>Called when a remote worker was started.</summary>
    public FakeTransportLauncher? Ends { get; private set; }

    /// <summary>What came of each item: its status, exit code and output, then its errors and warnings.</summary>
    public IReadOnlyList<string> Results =>
    [
        .. from result in Sink.Results
           orderby result.Index
           let warnings = Sink.Records.Where(record => record.Index == result.Index && record.Kind == RecordKind.Warning).Select(record => record.Value)
           select $"{result.Status} {result.ExitCode} [{string.Join(',', result.Output.Select(Text))}] {string.Join("; ", result.Errors.Concat(warnings))}".TrimEnd(),
    ];

    public async Task<RunOutcome> Run(bool isFar, params IEnumerable<object?> items)
    {
        using BatchRun run = Create(isFar);
        return await Bounded.Await(Batches.FeedToTheRest(run, items, Sink));
    }

    public BatchRun Create(bool isFar) => new(Batch, isFar ? CreateFar() : new ExecutableWorkerFactory(_options, _calls), TimeProvider.System);

    public void WriteBatch(WireWriter writer) => new ExecutableBatch
    {
        FilePath = _options.FileName,
        WorkingDirectory = _options.WorkingDirectory,
        EnvironmentChanges = [KeyValuePair.Create<string, string?>("GONE", null), KeyValuePair.Create<string, string?>("SET", "ä")],
        AtOnce = 3,
        InputMode = _options.InputMode,
        CodePage = _options.Encoding.CodePage,
        AsBytes = _options.AsBytes,
        Grace = _options.Grace,
        StopGrace = _options.StopGrace,
    }.Write(writer);

    public IRemoteCodec CreateCodec(int number) => new ExecutableCodec(_options, _calls, number);

    public WorkerStartException ReadFailure(WireReader reader, string worker) => new(reader.ReadText());

    public object ItemNotSent(object? item, Exception cause) => "not sent: " + cause.Message;

    public object RecordNotRead(object? item, Exception cause) => "not read: " + cause.Message;

    public object WorkerDied(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors) => $"{worker} died";

    public WorkerStartException CannotStart(TransportStartException cause) => new("cannot start: " + cause.Message, cause);

    public WorkerStartException CannotStart(TransportStartException cause, string host) => new($"cannot start on {host}: {cause.Message}", cause);

    public object HostLost(string host, WorkerStartException cause) => $"{host} is lost: {cause.Message}";

    public WorkerStartException NoHost(IReadOnlyList<(string Host, WorkerStartException Cause)> failures) =>
        new("no host: " + string.Join("; ", failures.Select(failure => failure.Cause.Message)));

    public void WriteOutputLine(string line, bool isError)
    {
    }

    private static string? Text(object? output) => output is byte[] data ? "0x" + Convert.ToHexString(data) : (string?)output;

    private RemoteWorkerFactory CreateFar()
    {
        Ends = new FakeTransportLauncher { HasCrashMarker = false, Batch = Begin };
        RemoteOptions remote = new()
        {
            Build = FakeTransportLauncher.Build, Reuses = false, NeedsTimes = true, HasLastWords = true, StopGrace = _options.Grace + TimeSpan.FromSeconds(1),
        };
        return new RemoteWorkerFactory(HostPool.OfThisMachine(Ends), remote, this, new RemoteWorkerPool(1));
    }

    private static HostedExecutable Begin(WireReader settings)
    {
        ExecutableBatch batch = ExecutableBatch.Read(settings);
        Assert.Equal(3, batch.AtOnce);
        return new HostedExecutable(
            new ExecutableOptions
            {
                FileName = batch.FilePath,
                Environment = new ChildEnvironment(batch.EnvironmentChanges),
                WorkingDirectory = batch.WorkingDirectory,
                InputMode = batch.InputMode,
                Encoding = Encoding.GetEncoding(batch.CodePage),
                AsBytes = batch.AsBytes,
                Grace = batch.Grace,
                StopGrace = batch.StopGrace,
            },
            []);
    }
}
