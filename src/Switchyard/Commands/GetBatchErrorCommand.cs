using Switchyard.Errors;
using Switchyard.Results;

namespace Switchyard.Commands;

/// <summary>Puts equal errors of a batch together: how many there are of each, and of which items.</summary>
[Cmdlet(VerbsCommon.Get, "BatchError")]
[OutputType(typeof(BatchErrorGroup))]
public sealed class GetBatchErrorCommand : PSCmdlet
{
    private ErrorGroups? _groups;

    /// <summary>Results of -AsResult, error records such as those of $Error or -ErrorVariable, entries of Get-BatchJournal.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    /// <summary>Of how many items each group has at most.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ExampleCount { get; set; } = 3;

    /// <inheritdoc/>
    protected override void BeginProcessing() => _groups = new ErrorGroups(ExampleCount);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? input in InputObject ?? [])
        {
            foreach (ErrorOccurrence error in Read(PSObjects.Unwrap(input)))
            {
                _groups!.Add(error);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(_groups!.ToGroups(), enumerateCollection: true);

    private IEnumerable<ErrorOccurrence> Read(object? input)
    {
        switch (input)
        {
            case BatchResult result:
                return ErrorOccurrence.AllOf(result);
            case BatchJournalEntry entry:
                // What was only interrupted is no error.
                return entry is { ErrorMessage: { } message, Status: not ItemStatus.Canceled } ? [Of(entry, message)] : [];
            case ErrorRecord { Exception: StandardErrorException }:
                return [];
            case ErrorRecord record:
                return [ErrorOccurrence.Of(record)];
            case IContainsErrorRecord { ErrorRecord: { } record }:
                return [ErrorOccurrence.Of(record)];
            case Exception exception:
                return [new ErrorOccurrence { Message = exception.Message, Id = exception.GetType().FullName }];
            default:
                WriteError(ResultErrors.NoErrorIn(input));
                return [];
        }
    }

    private static ErrorOccurrence Of(BatchJournalEntry entry, string message) => new()
    {
        Message = message,
        Id = entry.ErrorId,
        Item = entry.InputObject ?? entry.ItemText,
        Index = entry.Index,
        Status = entry.Status,
        ExitCode = entry.ExitCode is 0 ? null : entry.ExitCode,
    };
}
