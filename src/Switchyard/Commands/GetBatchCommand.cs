using Switchyard.Control;
using Switchyard.Core.Control;
using Switchyard.Parameters;

namespace Switchyard.Commands;

/// <summary>Tells of the batches that run in this user's sessions on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "Batch")]
[OutputType(typeof(BatchInfo))]
public sealed class GetBatchCommand : PSCmdlet
{
    /// <summary>The ids of those that are meant; all that run if not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (BatchStatus batch in new BatchFinder(this).Find(Id))
        {
            WriteObject(new BatchInfo(batch));
        }
    }
}
