using Switchyard.Core.Batch;
using Switchyard.Core.Transports.Callbacks;
using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.ProcessWorkers;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Runspaces;

namespace Switchyard.Commands;

/// <summary>What the batch cmdlets share that may run their items on other machines: which those are, how they are reached, and what is sent to them.</summary>
public abstract class RemoteBatchCommandBase : BatchCommandBase
{
    private const int UsualWorkersPerHost = 64;
    private const int UsualListed = 16;

    // A machine that goes and comes takes an item with it each time; an item that takes its machines with it must come to an end.
    private const int MostLosses = 3;

    private static readonly string[] _elsewhere = [nameof(HostName), nameof(LaunchCommand), nameof(Slurm), nameof(JobTemplate)];

    private ItemTransfers? _transfers;

    /// <summary>The PowerShell that the workers are; the one that this is if not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExecutableCompleter))]
    public string? PowerShellPath { get; set; }

    /// <summary>
    /// The machines that run it, reached by SSH: names or addresses, as <c>USER@HOST:PORT</c> if need be, or objects that have a property HostName and may have
    /// Port, UserName, KeyFilePath and Workers. <c>localhost</c> is this machine. Or a script block that writes those, and is asked again every few seconds.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? HostName { get; set; }

    /// <summary>The user on those machines that are named without one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>The file with the key for those machines.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>The port of those machines that are named without one.</summary>
    [Parameter]
    [ValidateRange(1, ushort.MaxValue)]
    public int Port { get; set; }

    /// <summary>Options of <c>ssh</c> by their names, as in <c>~/.ssh/config</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Options { get; set; }

    /// <summary>How many workers each machine has; as many as it has cores if not given.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int WorkersPerHost { get; set; }

    /// <summary>
    /// A command that carries its standard input and output to where PowerShell is to be started, with its arguments: <c>'kubectl', 'exec', '-i', 'pod', '--'</c>.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? LaunchCommand { get; set; }

    /// <summary>Modules of this machine that the script block can import where it runs: names, paths of their files or folders, or what Get-Module writes.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModuleNameCompleter))]
    public object[]? SendModule { get; set; }

    /// <summary>
    /// Files that are sent to where an item runs, before it starts: texts with the placeholders of -ArgumentList, or script blocks. One without a placeholder
    /// is sent once to each machine. Of a folder all files are sent.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? SendFile { get; set; }

    /// <summary>Files that an item makes in the working folder where it runs, and that are brought back and put beside it: texts or script blocks as for -SendFile.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? ReceiveFile { get; set; }

    /// <summary>Removes there what was sent and made for an item after it, and the working folder at the end.</summary>
    [Parameter]
    public SwitchParameter CleanUp { get; set; }

    /// <summary>
    /// Runs the workers as tasks of Slurm: in the allocation that this process is in, or in one that is made for the batch and ends with it. As many as
    /// <see cref="WorkCommandBase.ThrottleLimit"/> says.
    /// </summary>
    [Parameter]
    public SwitchParameter Slurm { get; set; }

    /// <summary>Options of <c>salloc</c>, inside an allocation of <c>srun</c>: <c>'--partition=short', '--mem=4G'</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? SlurmOption { get; set; }

    /// <summary>A script by which a scheduler starts the workers: with placeholders, and in comments how it is submitted and its job canceled.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobTemplate { get; set; }

    /// <summary>The network interface of this machine that workers connect to: its name, an address or a host name. All of them if not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CallbackInterface { get; set; }

    /// <summary>The ports that workers may connect to, of which one is used that is free: <c>(50000..50100)</c>. Any if not given.</summary>
    [Parameter]
    [ValidateRange(1, ushort.MaxValue)]
    public int[]? CallbackPort { get; set; }

    /// <summary>
    /// Has items that still run, once no other is left, run a second time by workers that have nothing to do, on other machines where there are any. The first end
    /// counts.
    /// </summary>
    [Parameter]
    public SwitchParameter Speculate { get; set; }

    /// <inheritdoc/>
    internal override int LossRetries => RunsElsewhere ? MostLosses : 0;

    /// <inheritdoc/>
    internal override bool RunsElsewhere => HostName is not null || LaunchCommand is not null || Slurm || JobTemplate is not null;

    /// <summary>Whether files go with items, or come back with them.</summary>
    private protected bool TransfersFiles => SendFile is not null || ReceiveFile is not null;

    /// <summary>What goes with items.</summary>
    private protected ItemTransfers Transfers => _transfers ??= new ItemTransfers(
        SendFile ?? [], ReceiveFile ?? [], SessionState.Path.CurrentFileSystemLocation.ProviderPath);

    // Machines have no more than they say that they have cores. This only keeps what is read ahead in proportion.
    private protected int WorkersElsewhere => Slurm || JobTemplate is not null ? UsualTasks : (HostListBlock is null ? Math.Max(1, HostName?.Length ?? 1) : UsualListed) * (WorkersPerHost > 0 ? WorkersPerHost : UsualWorkersPerHost);

    private protected override void CheckParameters()
    {
        base.CheckParameters();
        string? ofSsh = Array.Find([nameof(UserName), nameof(KeyFilePath), nameof(Port), nameof(Options)], IsGiven);
        if (HostName is not null)
        {
            Exclude(nameof(HostName), nameof(LaunchCommand));
            if (HostName.Length > 1 && HostName.FirstOrDefault(PSObjects.IsScriptBlock) is { } block)
            {
                throw ProcessErrors.HostListNotAlone(block);
            }

            if (ofSsh is not null && HostName.All(name => PSObjects.Unwrap(name) is string text && HostAddress.Read(text).IsHere))
            {
                throw ParameterErrors.LocalhostWithoutSsh(ofSsh);
            }
        }
        else if (ofSsh is not null)
        {
            throw ParameterErrors.ParameterNeedsAnother(ofSsh, nameof(HostName));
        }

        if (Slurm || JobTemplate is not null)
        {
            string way = Slurm ? nameof(Slurm) : nameof(JobTemplate);
            Array.ForEach([nameof(HostName), nameof(LaunchCommand), nameof(WorkersPerHost), .. Slurm ? [nameof(JobTemplate)] : new[] { nameof(SlurmOption) }], other => Exclude(way, other));
        }
        else if (new[] { nameof(SlurmOption), nameof(CallbackInterface), nameof(CallbackPort) }.FirstOrDefault(IsGiven) is { } ofSlurm)
        {
            throw ParameterErrors.ParameterNeedsAnother(ofSlurm, ofSlurm == nameof(SlurmOption) ? [nameof(Slurm)] : [nameof(Slurm), nameof(JobTemplate)]);
        }

        if (!RunsElsewhere && !RunsScriptBlock && IsGiven(nameof(PowerShellPath)))
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(PowerShellPath), _elsewhere);
        }

        if (!RunsElsewhere && new[] { nameof(WorkersPerHost), nameof(SendModule), nameof(SendFile), nameof(ReceiveFile), nameof(CleanUp), nameof(Speculate) }.FirstOrDefault(IsGiven) is { } parameter)
        {
            throw ParameterErrors.ParameterNeedsAnother(parameter, parameter == nameof(WorkersPerHost) ? [nameof(HostName), nameof(LaunchCommand)] : _elsewhere);
        }

        if (Speculate)
        {
            // Both attempts at an item would be in a sum.
            Exclude(nameof(Speculate), nameof(CompletionScript));
        }

        if (Speculate && TransfersFiles)
        {
            // Two attempts at an item would make the same file in it.
            Exclude(nameof(Speculate), nameof(WorkingDirectory));
        }

        if (CleanUp && !TransfersFiles)
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(CleanUp), nameof(SendFile), nameof(ReceiveFile));
        }
    }

    /// <summary>Refuses one parameter beside another.</summary>
    private protected void Exclude(string parameter, string other)
    {
        if (IsGiven(other))
        {
            throw ParameterErrors.ParametersExcludeEachOther(other, parameter);
        }
    }

    private protected override ProcessWorkOptions CreateProcessOptions() => base.CreateProcessOptions() with
    {
        PowerShellPath = PowerShellPath,
        Hosts = RunsElsewhere ? CreateHostOptions() : null,
        Modules = SendModule is null ? [] : new ModuleFinder(SessionState).Find(SendModule),
        Files = TransfersFiles ? Transfers.CreateOptions(WorkingDirectory, CleanUp, Speculate) : null,
    };

    private protected override BatchOptions CreateOptions() => base.CreateOptions() with { Speculates = Speculate };

    private int UsualTasks => Slurm ? SlurmRequest.UsualTasks : System.Environment.ProcessorCount;

    private int Tasks => ThrottleLimit > 0 ? ThrottleLimit : UsualTasks;

    private CallbackOptions CallbackOptions => new() { Interface = CallbackInterface, Ports = CallbackPort ?? [] };

    private ScriptBlock? HostListBlock => HostName is [var only] ? PSObjects.Unwrap(only) as ScriptBlock : null;

    private HostOptions CreateHostOptions() => new()
    {
        HostName = HostName ?? [],
        List = HostListBlock is { } block ? new HostListRequest(SharedBody.Unbind(block), CreateSettingsFor(block)) : null,
        LaunchCommand = LaunchCommand ?? [],
        Job = JobTemplate is { } template ? new JobRequest(template, Tasks, CallbackOptions) : null,
        Slurm = Slurm ? new SlurmRequest(SlurmOption ?? [], Tasks, CallbackOptions) : null,
        UserName = UserName,
        KeyFilePath = KeyFilePath,
        Port = Port > 0 ? Port : null,
        SshOptions = Options,
        WorkersPerHost = WorkersPerHost > 0 ? WorkersPerHost : null,
    };
}
