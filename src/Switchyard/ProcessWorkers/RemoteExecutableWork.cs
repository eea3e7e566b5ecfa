using System.Management.Automation.Host;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteExecutables;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Work;

namespace Switchyard.ProcessWorkers;

/// <summary>A program that runs in worker processes, wherever those are.</summary>
internal static class RemoteExecutableWork
{
    // For what a worker kills to be gone, and for that to be heard of.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(1);

    /// <summary>Checks everything that can be checked before an item runs. Whether the program is there, its machine finds.</summary>
    /// <param name="name">What the workers are, for the message that none starts.</param>
    /// <param name="atOnce">How many run at a time on each machine; 0 for one for each of its cores.</param>
    /// <param name="workers">Makes the workers.</param>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    public static ExecutableWork Create(
        ExecutableSettings settings,
        ExecutableFinder finder,
        PSHost host,
        string name,
        int atOnce,
        RemoteOptions remote,
        Func<RemoteOptions, IRemoteCalls, IWorkerFactory> workers) => new(settings, finder, (options, changes, calls) =>
        {
            ExecutableBatch batch = new()
            {
                FilePath = options.FileName,
                WorkingDirectory = options.WorkingDirectory,
                EnvironmentChanges = changes,
                AtOnce = atOnce,
                InputMode = options.InputMode,
                CodePage = options.Encoding.CodePage,
                AsBytes = options.AsBytes,
                Grace = options.Grace,
                StopGrace = options.StopGrace,
            };
            WireWriter writer = new() { SendsBlobs = false };
            batch.Write(writer);
            TimeSpan grace = options.Grace > options.StopGrace ? options.Grace : options.StopGrace;
            return workers(
                remote with { HasLastWords = true, StopGrace = grace + _afterKill },
                new ProcessCalls(writer.ToArray(), null, name, new ProviderObjects([], []), host, number => new ExecutableCodec(options, calls, number)));
        });
}
