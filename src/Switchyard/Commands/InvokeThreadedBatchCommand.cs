using System.Management.Automation;
using Switchyard.Bodies;
using Switchyard.Items;

namespace Switchyard.Commands;

/// <summary>Runs a script block for each piped item on a pool of threads in this process.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ThreadedBatch", SupportsShouldProcess = true)]
[OutputType(typeof(object), typeof(BatchResult))]
public sealed class InvokeThreadedBatchCommand : BatchCommandBase
{
    // More than cores, as threads are for work that waits; few enough that a guess does no harm.
    private const int MaxDefault = 32;
    private const int AboveCores = 4;

    /// <summary>Gives each item a session of its own, which nothing before it has touched.</summary>
    [Parameter]
    [Alias("UseNewRunspace")]
    public SwitchParameter FreshRunspace { get; set; }

    /// <inheritdoc/>
    internal override int DefaultThrottleLimit => Math.Min(MaxDefault, Environment.ProcessorCount + AboveCores);

    /// <inheritdoc/>
    internal override IWorkerFactory CreateWorkers(SharedBody body, SessionSettings settings) =>
        new RunspaceWorkerFactory(body, settings, FreshRunspace, honoursRetryAfter: RetryCount > 0);
}
