using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.Transports;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers;

/// <summary>A script block that runs in worker processes.</summary>
internal static class ProcessWork
{
    // Part of the warm pool: what ends its workers should this process be killed.
    private static readonly LocalWorkers _workers = new();

    /// <summary>Checks everything that can be checked before an item runs, and makes the workers.</summary>
    /// <exception cref="BatchException">The options name what is not there, or what cannot be sent.</exception>
    public static IWorkerFactory CreateWorkers(ProcessWorkOptions options, SessionSettings settings, SessionState session)
    {
        ExecutableFinder finder = new(session);
        string? folder = finder.FindFolder(options.WorkingDirectory);
        if (options.WorkingDirectory is not null && folder is not null)
        {
            settings = settings with { Location = folder, ProviderLocation = folder };
        }

        IReadOnlyList<KeyValuePair<string, string?>> changes = BatchEnvironment.Changes(options.Environment);
        ProcessBatch batch = new()
        {
            Body = SharedBody.Unbind(options.Body),
            Arguments = options.Arguments,
            Settings = settings,
            CurrentDirectory = options.WorkingDirectory is null ? TryFindCurrent() : folder,
            Environment = BatchEnvironment.Create(changes, options.ThrottleLimit).Variables,
            CodePages = (Console.OutputEncoding.CodePage, Console.InputEncoding.CodePage),
            HonoursRetryAfter = options.HonoursRetryAfter,
            Warn = options.Warn,
        };
        WireWriter writer = new() { SendsBlobs = false };
        BatchCodec.Write(writer, batch);
        LocalTransportOptions process = PowerShellProcess.CreateOptions(finder, options.PowerShellPath, changes, out string name);
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
            new ProcessCalls(writer.ToArray(), new SourceLines(options.Body), name, ProviderObjects.Of(session), settings.Host),
            RemoteWorkerPool.Shared);
    }

    private static string? TryFindCurrent()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException exception)
        {
            // It was removed, and relative paths mean nothing.
            Debug.WriteLine(exception);
            return null;
        }
    }
}
