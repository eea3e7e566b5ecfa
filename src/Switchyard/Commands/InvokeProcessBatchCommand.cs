using Switchyard.Codec;
using Switchyard.Core.Executables;
using Switchyard.Errors;
using Switchyard.Jobs;
using Switchyard.ProcessWorkers;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>
/// Runs a script block for each piped item in worker processes that are used again and again; or an executable, or keeps some of those
/// running and sends each item to one of them as a line.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ProcessBatch", DefaultParameterSetName = ScriptBlockSet, SupportsShouldProcess = true)]
[OutputType(typeof(object), typeof(BatchResult), typeof(BatchJob))]
public sealed class InvokeProcessBatchCommand : RemoteBatchCommandBase
{
    private const double DefaultIdleSeconds = 60;
    private const long Megabyte = 1024 * 1024;

    private readonly ItemSnapshots _snapshots = new();
    /// <summary>The folder that items start in; the caller's if not given.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNullOrEmpty]
    public override string? WorkingDirectory { get; set; }

    /// <summary>Environment variables to set for the processes, or with <c>$null</c> to remove.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNull]
    public override IDictionary? Environment { get; set; }

    /// <summary>How often an item whose worker died under it is tried again, on another.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int CrashRetryCount { get; set; }

    /// <summary>After how many items a worker is replaced.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateRange(1, int.MaxValue)]
    public int MaxItemsPerWorker { get; set; }

    /// <summary>Megabytes of memory above which a worker is replaced, after its item.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateRange(1, int.MaxValue)]
    public int MaxWorkerMemoryMB { get; set; }

    /// <summary>Gives each item a process of its own, which nothing before it has touched.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter FreshProcess { get; set; }

    /// <summary>Uses no worker of an earlier batch, and leaves none to a later one.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter NoReuse { get; set; }

    /// <summary>How many seconds a worker waits for another batch before it ends.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateRange(0d, 2_000_000d)]
    public double IdleTimeoutSeconds { get; set; } = DefaultIdleSeconds;

    /// <inheritdoc/>
    internal override int CrashRetries => CrashRetryCount;

    /// <inheritdoc/>
    internal override bool OpensAllAtOnce => RunsScriptBlock || RunsElsewhere;

    /// <inheritdoc/>
    internal override BatchWork CreateWork() => RunsScriptBlock
        ? new ScriptBlockWork(
            ScriptBlock,
            ProcessWork.CreateWorkers(CreateProcessOptions(), CreateSettings(), SessionState),
            RunsElsewhere ? WorkersElsewhere : System.Environment.ProcessorCount,
            Prepare)
        : RunsElsewhere ? RemoteExecutableWork.Create(
            CreateExecutableSettings(), CreateProcessOptions(), WorkersElsewhere, Host, SessionState, TransfersFiles ? Transfers.Prepare : null)
        : CreateExecutable();

    // A parameter that would have no effect is refused, as its user expects one.
    private protected override void CheckParameters()
    {
        base.CheckParameters();
        if (FreshProcess)
        {
            Exclude(nameof(FreshProcess), nameof(MaxItemsPerWorker));
            Exclude(nameof(FreshProcess), nameof(MaxWorkerMemoryMB));
            Exclude(nameof(FreshProcess), nameof(IdleTimeoutSeconds));
        }

        if (NoReuse)
        {
            Exclude(nameof(NoReuse), nameof(IdleTimeoutSeconds));
        }

        if (IsGiven(nameof(CrashRetryCount)) && !RunsScriptBlock && !RunsElsewhere && InputMode != InputMode.Line)
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(CrashRetryCount), $"{nameof(InputMode)} {InputMode.Line}");
        }
    }

    private object? Prepare(object? item)
    {
        object? prepared = _snapshots.Prepare(item);
        return TransfersFiles ? Transfers.Prepare(item, prepared) : prepared;
    }

    private protected override ProcessWorkOptions CreateProcessOptions() => base.CreateProcessOptions() with
    {
        Reuses = !NoReuse && !FreshProcess,
        IdleTime = TimeSpan.FromSeconds(IdleTimeoutSeconds),
        MaxItems = FreshProcess ? 1 : MaxItemsPerWorker > 0 ? MaxItemsPerWorker : null,
        MaxMemory = MaxWorkerMemoryMB > 0 ? MaxWorkerMemoryMB * Megabyte : null,
        NeedsTimes = AsResult || AutoThrottle,
        HonoursRetryAfter = RetryCount > 0,
    };
}
