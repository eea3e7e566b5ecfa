using System.Management.Automation;
using Switchyard.Codec;
using Switchyard.Commands;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.Transports;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Runspaces;

namespace Switchyard.ProcessWorkers;

/// <summary>A script block that runs in worker processes, as the cmdlet's parameters say.</summary>
internal static class ProcessWork
{
    /// <summary>Checks everything that can be checked before an item runs, and says what is to be run.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="session">The caller's session.</param>
    /// <param name="settings">What the workers' sessions are given.</param>
    /// <param name="options">What is wanted of the processes.</param>
    /// <returns>Makes the workers.</returns>
    /// <exception cref="BatchException">The parameters name what is not there, or what cannot be sent.</exception>
    public static IWorkerFactory CreateWorkers(
        WorkCommandBase command, SessionState session, SessionSettings settings, ProcessWorkOptions options)
    {
        ExecutableFinder finder = new(session);
        string folder = finder.FindFolder(command.WorkingDirectory);
        if (command.WorkingDirectory is not null)
        {
            settings = settings with { Location = folder, ProviderLocation = folder };
        }

        IReadOnlyList<KeyValuePair<string, string?>> changes = BatchEnvironment.Changes(command.Environment);
        ProcessBatch batch = new()
        {
            Body = SharedBody.Unbind(command.ScriptBlock),
            Arguments = command.ArgumentList ?? [],
            Settings = settings,
            CurrentDirectory = command.WorkingDirectory is null ? Environment.CurrentDirectory : folder,
            Environment = BatchEnvironment.Create(changes, command.ThrottleLimit).Variables,
            HonoursRetryAfter = options.HonoursRetryAfter,
            Warn = command.WriteWarning,
        };
        WireWriter writer = new() { SendsBlobs = false };
        BatchCodec.Write(writer, batch);
        LocalTransportOptions process = PowerShellProcess.CreateOptions(finder, options.PowerShellPath, changes);
        ProviderObjects providers = ProviderObjects.Of(session);
        return new RemoteWorkerFactory(
            new LocalTransportLauncher(process, _workers),
            new RemoteOptions
            {
                Build = WorkerEntryPoint.Build,
                Reuses = options.Reuses,
                IdleTime = options.IdleTime,
                MaxItems = options.MaxItems,
                MaxMemory = options.MaxMemory,
                NeedsTimes = options.NeedsTimes,
            },
            new ProcessCalls(writer.ToArray(), new SourceLines(command.ScriptBlock), Path.GetFileName(process.FileName), providers, settings.Host),
            RemoteWorkerPool.Shared);
    }

    // Part of the warm pool: what ends its workers should this process be killed.
    private static readonly LocalWorkers _workers = new();
}
