using System.Management.Automation.Host;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteExecutables;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.ProcessWorkers.Hosts;

namespace Switchyard.ProcessWorkers;

/// <summary>A program that runs on other machines, in worker processes there.</summary>
internal static class RemoteExecutableWork
{
    // For what a worker kills to be gone, and for that to be heard of.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(1);

    /// <summary>Checks everything that can be checked before an item runs. Whether the program is there, its machine finds.</summary>
    /// <param name="workers">The machines, and what is wanted of the workers there.</param>
    /// <param name="throttleLimit">How many run at a time by default.</param>
    /// <param name="addFiles">Adds the files that go with an item to what was prepared of it; null if none do.</param>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    public static ExecutableWork Create(
        ExecutableSettings settings,
        ProcessWorkOptions workers,
        int throttleLimit,
        PSHost host,
        SessionState session,
        Func<object?, object?, object?>? addFiles)
    {
        ExecutableFinder finder = new(session);
        HostLaunchers launchers = new(workers.Hosts!, finder, session, workers.PowerShellPath, ProcessWork.Local);
        HostPool hosts = launchers.CreatePool();
        return new ExecutableWork(settings, finder, (options, changes, calls) =>
        {
            ExecutableBatch batch = new()
            {
                FilePath = options.FileName,
                WorkingDirectory = options.WorkingDirectory,
                EnvironmentChanges = changes,
                AtOnce = workers.Hosts!.WorkersPerHost ?? 0,
                InputMode = options.InputMode,
                CodePage = options.Encoding.CodePage,
                AsBytes = options.AsBytes,
                Grace = options.Grace,
                StopGrace = options.StopGrace,
            };
            WireWriter writer = new() { SendsBlobs = false };
            batch.Write(writer);
            TimeSpan grace = options.Grace > options.StopGrace ? options.Grace : options.StopGrace;
            RemoteOptions remote = new()
            {
                Build = WorkerEntryPoint.Build,
                Reuses = workers.Reuses && workers.Hosts!.MayReuse,
                IdleTime = workers.IdleTime,
                NeedsTimes = workers.NeedsTimes,
                Files = workers.Files,
                HasLastWords = true,
                StopGrace = grace + _afterKill,
            };
            ProcessCalls remoteCalls = new(
                writer.ToArray(), null, launchers.Shell, new ProviderObjects([], []), host, number => new ExecutableCodec(options, calls, number));
            return new RemoteWorkerFactory(hosts, remote, remoteCalls, RemoteWorkerPool.Shared);
        })
        {
            FarThrottleLimit = throttleLimit,
            AddFiles = addFiles,
        };
    }
}
