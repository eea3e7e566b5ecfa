using Switchyard.Core.Processes;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.Transports;
using Switchyard.Core.Transports.Commands;
using Switchyard.Core.Transports.Schedulers;
using Switchyard.Errors;
using Switchyard.Executables;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>Makes what starts workers on other machines.</summary>
internal sealed class HostLaunchers(HostOptions options, ExecutableFinder finder, SessionState session, string? powerShellPath, LocalWorkers workers)
{
    private const string Ssh = "ssh";

    // Until it has said what it is. A machine that is off the network does not answer at all, and ssh itself waits for two minutes.
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);

    // What the user's own configuration says of a name holds, but for what would break the bytes on the way or wait for an answer. Without the
    // sign of life a connection whose other end was unplugged would not end.
    private static readonly string[] _ownOptions =
    [
        "BatchMode=yes", "RequestTTY=no", "EscapeChar=none", "RemoteCommand=none", "ClearAllForwardings=yes", "ServerAliveInterval=5", "ServerAliveCountMax=3",
    ];

    // Asked of the caller's session once, on its thread: a list of machines is read on another.
    private readonly Lazy<string> _ssh = new(() => finder.Find(Ssh, ProcessErrors.SshNotFound));
    private readonly Lazy<(string Program, string[] Before)> _here = new(() =>
        (powerShellPath is null ? finder.FindOwnPowerShell(out string[] before) : finder.FindPowerShell(powerShellPath, out before), before));

    private readonly string _folder = session.Path.CurrentFileSystemLocation.ProviderPath;
    private readonly string? _keyFilePath = options.KeyFilePath is { } path ? session.Path.GetUnresolvedProviderPathFromPSPath(path) : null;

    /// <summary>What is started there.</summary>
    public string Shell { get; } = powerShellPath ?? "pwsh";

    /// <summary>Makes the machines that a run may use.</summary>
    /// <exception cref="BatchException">A name is none, or a command is not there.</exception>
    public HostPool CreatePool()
    {
        if (options.List is { } list)
        {
            FindPrograms();
            return new HostPool([], new HostList(list, CreateHosts));
        }

        HostPool? pool = null;
        return pool = new HostPool(Create(text => pool!.Announce?.Invoke(RunNotices.Warning(text))));
    }

    private IReadOnlyList<WorkerHost> Create(Action<string> notify) => options.Job is { } job ? [CreateJob(job)]
        : options.Slurm is { } slurm ? [CreateSlurm(slurm, notify)]
        : options.LaunchCommand.Count > 0 ? [CreateBehindCommand()]
        : CreateHosts(options.HostName);

    private IReadOnlyList<WorkerHost> CreateHosts(IReadOnlyList<object?> names) =>
        [.. names.Select(HostAddress.Read).Select(WithDefaults).DistinctBy(address => (address.Host.ToUpperInvariant(), address.UserName, address.Port)).Select(CreateHost)];

    private void FindPrograms()
    {
        try
        {
            _ = (_here.Value, _ssh.Value);
        }
        catch (BatchException)
        {
            // Said where a machine needs it.
        }
    }

    private string Resolve(string path) => options.List is null
        ? session.Path.GetUnresolvedProviderPathFromPSPath(path)
        : Path.GetFullPath(path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path, _folder);

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A word for the shell that an SSH server starts. What only Windows has is for cmd.exe, and what needs no quotes is for all of them.</summary>
    private static string Quote(string word) => word.Select(IsPlain).All(isPlain => isPlain) ? word
        : word.Contains('\\', StringComparison.Ordinal) ? $"\"{word}\""
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char letter, int place) =>
        char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-' or ':' or '\\' or '+' || (place > 0 && letter is ('=' or '~'));

    // They say how another machine is reached.
    private HostAddress WithDefaults(HostAddress given) => given.IsHere
        ? given
        : given with { UserName = given.UserName ?? options.UserName, Port = given.Port ?? options.Port, KeyFilePath = given.KeyFilePath is { } path ? Resolve(path) : _keyFilePath };

    private WorkerHost CreateHost(HostAddress address)
    {
        int? capacity = address.Workers ?? options.WorkersPerHost;
        return address.IsHere
            ? new WorkerHost(address.Name, CreateHere(address), capacity)
            : new WorkerHost(address.Name, Launcher(_ssh.Value, [.. SshArguments(address), string.Join(' ', ShellCommand().Select(Quote))], address.Name, LossRules.OfSsh), capacity);
    }

    private WorkerHost CreateBehindCommand()
    {
        string name = string.Join(' ', options.LaunchCommand);
        string program = finder.Find(options.LaunchCommand[0], ProcessErrors.LaunchCommandNotFound);
        return new WorkerHost(name, Launcher(program, [.. options.LaunchCommand.Skip(1), .. ShellCommand()], name, LossRules.OfCommand), options.WorkersPerHost);
    }

    private WorkerHost CreateJob(JobRequest request)
    {
        try
        {
            string path = session.Path.GetUnresolvedProviderPathFromPSPath(request.Path);
            JobOptions job = new()
            {
                Template = File.ReadAllText(path),
                Name = Path.GetFileName(path),
                Tasks = request.Tasks,
                Command = string.Join(' ', [.. ShellBefore().Select(Quote), .. CallbackStart.ArgumentsOverEnvironment]),
                Package = () => ModulePackage.Archive,
                WorkingDirectory = _folder,
            };
            return new WorkerHost(job.Name, Listen(() => new JobLauncher(job, request.Callback)), request.Tasks, mostOpening: request.Tasks);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw ProcessErrors.JobTemplateNotAllowed(request.Path, exception);
        }
    }

    private static ITransportLauncher Listen(Func<ITransportLauncher> create)
    {
        try
        {
            return create();
        }
        catch (IOException exception)
        {
            throw ProcessErrors.CallbackNotPossible(exception);
        }
    }

    private WorkerHost CreateSlurm(SlurmRequest request, Action<string> notify)
    {
        string srun = finder.Find("srun", ProcessErrors.SlurmProgramNotFound);
        SlurmOptions slurm = new()
        {
            Srun = srun,
            Salloc = SlurmRequest.OwnJob is null ? finder.Find("salloc", ProcessErrors.SlurmProgramNotFound) : null,
            JobId = SlurmRequest.OwnJob,
            Options = request.Options,
            Tasks = request.Tasks,
            Command = [.. ShellBefore(), .. CallbackStart.ArgumentsOverInput],
            Package = () => ModulePackage.Archive,
            WorkingDirectory = _folder,
            Notify = notify,
        };
        return new WorkerHost("Slurm", Listen(() => new SlurmLauncher(slurm, request.Callback)), request.Tasks, mostOpening: request.Tasks);
    }

    private CommandLauncher CreateHere(HostAddress address)
    {
        return Launcher(_here.Value.Program, [.. _here.Value.Before, .. FarStart.Arguments], address.Name, LossRules.OfProcess);
    }

    private IEnumerable<string> SshArguments(HostAddress address)
    {
        // Of each option the first that is given counts.
        foreach (DictionaryEntry option in options.SshOptions ?? new Hashtable())
        {
            yield return "-o";
            yield return $"{option.Key}={option.Value}";
        }

        foreach (string option in _ownOptions)
        {
            yield return "-o";
            yield return option;
        }

        if (address.Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(CultureInfo.InvariantCulture);
        }

        if (address.UserName is { } user)
        {
            yield return "-l";
            yield return user;
        }

        if (address.KeyFilePath is { } key)
        {
            yield return "-i";
            yield return key;
        }

        yield return "--";
        yield return address.Host;
    }

    // The assembly that a .NET tool consists of is run by the runtime.
    private IEnumerable<string> ShellCommand() =>
        [.. ShellBefore(), .. FarStart.Arguments];

    private string[] ShellBefore() => Shell.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", Shell] : [Shell];

    private CommandLauncher Launcher(string program, IReadOnlyList<string> arguments, string name, Func<ExitReason, IReadOnlyList<string>, bool> isLoss) => new(
        new ChildTransportOptions
        {
            FileName = program,
            Arguments = arguments,
            Environment = new ChildEnvironment([]),
            WorkingDirectory = _folder,
            HostName = name,
            Package = () => ModulePackage.Archive,
            IsLoss = isLoss,
            StartTimeout = _startTimeout,
        },
        workers);
}
