using System.Reflection;
using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Core.Transports;
using Switchyard.Engine;
using Switchyard.Parameters;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// Where a worker process begins: its command line imports this module, which is all that it may do where a policy of the machine restricts what is no file of
/// its own.
/// </summary>
internal static class WorkerEntryPoint
{
    /// <summary>Set for a worker whose caller is on another machine, or may be: then the number is followed by this.</summary>
    public const string FarMark = " far";

    /// <summary>What the start of a worker on another machine has connected to its caller, an array of a stream to read and one to write, if that is not standard input and output. With a third
    /// the end of standard input says that the caller is gone.</summary>
    public const string StreamsData = "Switchyard.Streams";

    // Its number, so that a process that inherits the variable is not taken for a worker.
    public const string Marker = "SWITCHYARD_WORKER";

    // As the engine's own pipeline threads have: scripts recurse deeply.
    private const int StackBytes = 10_000_000;

    // How long a process has to end by itself once it has been told to. What it has started and still waits for does not count.
    private static readonly TimeSpan _exitTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Which build of the module this is: both ends of a connection must be of one.</summary>
    public static Guid Build => Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId;

    /// <summary>What a PowerShell is to run to be a worker.</summary>
    /// <remarks>The assemblies, not the manifest: a worker shows nothing, and format data take their time.</remarks>
    public static string Command => $"$env:{Marker} = $PID; Import-Module -Name {Import(Loader)}, {Import("Switchyard.dll")}";

    /// <summary>The file that the manifest has imported first. Its name has the version, as of one name only one can be loaded.</summary>
    public static string Loader => $"Switchyard.Loader.{Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}.dll";

    /// <summary>Whether this process was begun with <see cref="Command"/>. It can be found out once.</summary>
    /// <param name="isFar">Whether its caller is on another machine.</param>
    public static bool TakeCommand(out bool isFar)
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string? mark = Environment.GetEnvironmentVariable(Marker);
        isFar = mark == own + FarMark;
        bool isWorker = isFar || mark == own;
        if (isWorker)
        {
            Environment.SetEnvironmentVariable(Marker, null);
        }

        return isWorker;
    }

    /// <summary>Runs batches until the caller says goodbye, or is gone. Its standard input says where the caller is, or is its connection if that is far.</summary>
    /// <exception cref="IOException">The caller is not there.</exception>
    public static void Run(bool isFar)
    {
        // First of all: nothing else may read or write what carries the frames.
        WorkerEnd? far = isFar ? WorkerEnd.OfFar(TakeStreams(out bool hasLifeline), hasLifeline) : null;

        // What such a worker has started is found and ended by its mark, as its caller's machine cannot.
        using WorkerFamily? family = isFar ? new WorkerFamily() : null;

        // What its caller reads, whatever the console's code page is.
        Console.SetOut(CreateWriter(Console.OpenStandardOutput()));
        Console.SetError(CreateWriter(Console.OpenStandardError()));
        WorkerBatchHost host = new(isFar);
        using (WorkerEnd end = far ?? Connect())
        {
            // A caller that is gone without saying goodbye waits for nothing, so what still runs for it is killed.
            using WorkerServer server = new(end.Stream, end.CrashMarker, host, WorkerEnd.KillOwnGroup);
            SharedObject.Hub.ReachThroughCaller(server.Tunnel);
            host.OpenModule = hash => server.Tunnel.Open(SentModule.Service, hash);
            Thread runner = new(() => server.Run(new WorkerHello(
                WorkerHello.CurrentVersion, Build, Environment.ProcessId, end.CrashMarker is not null, Environment.ProcessorCount)), StackBytes)
            {
                Name = "Switchyard items",
            };
            runner.Start();
            runner.Join();
        }

        // A thread that a body has started may go on forever.
        new Thread(() =>
        {
            Thread.Sleep(_exitTimeout);
            WorkerEnd.KillOwnProcess();
        })
        {
            IsBackground = true,
            Name = "Switchyard exit",
        }.Start();
    }

    private static string Import(string assembly) => PowerShellText.Quote(WildcardPattern.Escape(Path.Combine(ModuleFolders.Own, assembly)));

    private static WorkerEnd Connect()
    {
        using Stream input = Console.OpenStandardInput();
        return WorkerEnd.Connect(input);
    }

    private static DuplexStream? TakeStreams(out bool hasLifeline)
    {
        Stream[]? streams = AppDomain.CurrentDomain.GetData(StreamsData) as Stream[];
        AppDomain.CurrentDomain.SetData(StreamsData, null);
        hasLifeline = streams?.Length > 2;
        return streams is [Stream input, Stream output, ..] ? new DuplexStream(input, output) : null;
    }

    private static StreamWriter CreateWriter(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
