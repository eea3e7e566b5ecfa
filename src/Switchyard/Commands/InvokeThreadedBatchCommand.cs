using Switchyard.Jobs;
using Switchyard.Parameters.Affinity;
using Switchyard.Runspaces;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>Runs a script block for each piped item on a pool of threads in this process, or an executable.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ThreadedBatch", DefaultParameterSetName = ScriptBlockSet, SupportsShouldProcess = true)]
[OutputType(typeof(object), typeof(BatchResult), typeof(BatchJob))]
public sealed class InvokeThreadedBatchCommand : BatchCommandBase
{
    // More than cores, as threads are for work that waits; few enough that a guess does no harm.
    private const int MaxDefault = 32;
    private const int AboveCores = 4;

    /// <summary>Gives each item a session of its own, which nothing before it has touched.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Alias("UseNewRunspace")]
    public SwitchParameter FreshRunspace { get; set; }

    private static int DefaultThreads => Math.Min(MaxDefault, System.Environment.ProcessorCount + AboveCores);

    /// <inheritdoc/>
    internal override BatchWork CreateWork()
    {
        if (!RunsScriptBlock)
        {
            return CreateExecutable();
        }

        ThreadValues values = new(CreateSettings(), ArgumentList ?? [], SessionState, WriteWarning);
        SharedBody body = new(ScriptBlock, values.Arguments);
        RunspaceWorkerFactory workers = new(body, values.Settings, FreshRunspace, honoursRetryAfter: RetryCount > 0);
        return new ScriptBlockWork(ScriptBlock, workers, DefaultThreads, values.Prepare);
    }
}
