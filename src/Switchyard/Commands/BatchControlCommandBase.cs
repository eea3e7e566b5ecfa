using Switchyard.Control;
using Switchyard.Core.Control;
using Switchyard.Parameters;

namespace Switchyard.Commands;

/// <summary>What the cmdlets share that change a batch while it runs.</summary>
public abstract class BatchControlCommandBase : PSCmdlet
{
    /// <summary>The ids of the batches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Writes each batch as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is asked of each batch.</summary>
    private protected abstract IEnumerable<BatchStep> Steps { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        BatchFinder finder = new(this);
        foreach (BatchStatus batch in finder.Find(Id))
        {
            BatchStatus? after = null;
            foreach (BatchStep step in Steps)
            {
                if (ShouldProcess(MessageText.Format(Messages.BatchAction, batch.Id, $"{batch.Command} {batch.Work}"), step.Text))
                {
                    after = finder.Ask(batch, step.Action, step.Value) ?? after;
                }
            }

            if (PassThru && after is not null)
            {
                WriteObject(new BatchInfo(after));
            }
        }
    }
}
