using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.Transports;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers;

/// <summary>A script block that runs in worker processes.</summary>
internal static class ProcessWork
{
    // Part of the warm pool: what ends its workers should this process be killed.
    internal static readonly LocalWorkers Local = new();

    /// <summary>Checks everything that can be checked before an item runs, and makes the workers.</summary>
    /// <exception cref="BatchException">The options name what is not there, or what cannot be sent.</exception>
    public static IWorkerFactory CreateWorkers(ProcessWorkOptions options, SessionSettings settings, SessionState session)
    {
        ExecutableFinder finder = new(session);
        if (options.Hosts is { } hosts)
        {
            return CreateFarWorkers(options, hosts, settings, session, finder);
        }

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
            Environment = BatchEnvironment.Create(changes, options.ThrottleLimit).Variables.ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
            CodePages = (Console.OutputEncoding.CodePage, Console.InputEncoding.CodePage),
            HonoursRetryAfter = options.HonoursRetryAfter,
            SendsGroups = options.SendsGroups,
            Warn = options.Warn,
        };
        WireWriter writer = new() { SendsBlobs = false };
        BatchCodec.Write(writer, batch);
        ChildTransportOptions process = PowerShellProcess.CreateOptions(finder, options.PowerShellPath, changes, out string name);
        return Create(options, HostPool.OfThisMachine(new LocalTransportLauncher(process, Local)), writer, name, settings, session);
    }

    private static RemoteWorkerFactory CreateFarWorkers(
        ProcessWorkOptions options, HostOptions hosts, SessionSettings settings, SessionState session, ExecutableFinder finder)
    {
        HostLaunchers launchers = new(hosts, finder, session, options.PowerShellPath, Local);
        ProcessBatch batch = new()
        {
            Body = SharedBody.Unbind(options.Body),
            Arguments = options.Arguments,
            IsFar = true,
            WorkersPerHost = hosts.WorkersPerHost ?? 0,
            Settings = FarModules.Place(settings, options.Modules, session) with { Location = string.Empty, ProviderLocation = string.Empty },
            CurrentDirectory = options.WorkingDirectory,
            Environment = BatchEnvironment.Changes(options.Environment).ToDictionary(),
            CodePages = (Encoding.UTF8.CodePage, Encoding.UTF8.CodePage),
            HonoursRetryAfter = options.HonoursRetryAfter,
            SendsGroups = options.SendsGroups,
            Warn = options.Warn,
            PlaceUsing = options.Modules.Count > 0 ? statement => FarModules.Place(statement, options.Modules, session) : null,
        };
        WireWriter writer = new() { SendsBlobs = false };
        FarModules.Write(writer, options.Modules);
        BatchCodec.Write(writer, batch);
        return Create(options, launchers.CreatePool(), writer, launchers.Shell, settings, session);
    }

    private static RemoteWorkerFactory Create(
        ProcessWorkOptions options, HostPool hosts, WireWriter batch, string shell, SessionSettings settings, SessionState session) => new(
        hosts,
        new RemoteOptions
        {
            Build = WorkerEntryPoint.Build,
            Reuses = options.Reuses && options.Hosts?.MayReuse != false,
            IdleTime = options.IdleTime,
            MaxItems = options.MaxItems,
            MaxMemory = options.MaxMemory,
            NeedsTimes = options.NeedsTimes,
            Files = options.Files,
        },
        new ProcessCalls(batch.ToArray(), new SourceLines(options.Body), shell, ProviderObjects.Of(session), settings.Host) { Modules = options.Modules, IsFar = options.Hosts is not null, SendsGroups = options.SendsGroups },
        RemoteWorkerPool.Shared);

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
