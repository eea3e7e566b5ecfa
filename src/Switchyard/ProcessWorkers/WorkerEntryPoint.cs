using System.Reflection;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Core.Transports;

namespace Switchyard.ProcessWorkers;

/// <summary>Where a worker process begins. Called only by a command line that this module makes.</summary>
public static class WorkerEntryPoint
{
    // As the engine's own pipeline threads have: scripts recurse deeply.
    private const int StackBytes = 10_000_000;

    // How long a process has to end by itself once it has been told to. What it has started and still waits for does not count.
    private static readonly TimeSpan _exitTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Which build of the module this is: both ends of a connection must be of one.</summary>
    public static Guid Build => Assembly.GetExecutingAssembly().ManifestModule.ModuleVersionId;

    /// <summary>Runs batches until the caller says goodbye, or is gone. Its standard input says where the caller is.</summary>
    /// <exception cref="IOException">The caller is not there.</exception>
    public static void Run()
    {
        WorkerBatchHost host = new();
        WorkerEnd end;
        using (Stream input = Console.OpenStandardInput())
        {
            end = WorkerEnd.Connect(input);
        }

        using (end)
        {
            // A caller that is gone without saying goodbye waits for nothing, so what still runs for it is killed.
            using WorkerServer server = new(end.Stream, end.CrashMarker, host, WorkerEnd.KillOwnGroup);
            Thread runner = new(() => server.Run(new WorkerHello(WorkerHello.CurrentVersion, Build, Environment.ProcessId, end.CrashMarker is not null)), StackBytes)
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
}
