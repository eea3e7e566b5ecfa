namespace Switchyard.Results;

/// <summary>One error, wherever it was found.</summary>
internal sealed record ErrorOccurrence
{
    public required string Message { get; init; }

    public string? Id { get; init; }

    /// <summary>The item; its text where the item itself is not to be had. Null if the error is of none.</summary>
    public object? Item { get; init; }

    public long? Index { get; init; }

    public ItemStatus? Status { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Null if only its message is known.</summary>
    public ErrorRecord? Record { get; init; }

    public static ErrorOccurrence Of(ErrorRecord record, object? item = null) => new()
    {
        Message = record.ToString(),
        Id = record.FullyQualifiedErrorId,
        Item = item ?? record.TargetObject,
        ExitCode = (record.Exception as NonZeroExitException)?.ExitCode,
        Record = record,
    };

    /// <summary>The errors of a result. Lines of a program's error output are none; the last one says why the program failed.</summary>
    public static IEnumerable<ErrorOccurrence> AllOf(BatchResult result)
    {
        string? lastWords = result.Errors.Select(error => error.Exception).OfType<StandardErrorException>().LastOrDefault(error => error.Line.Trim().Length > 0)?.Line;
        foreach (ErrorRecord error in result.Errors.Where(error => error.Exception is not StandardErrorException))
        {
            ErrorOccurrence occurrence = Of(error, result.InputObject) with { Index = result.Index, Status = result.Status };
            yield return error.Exception is NonZeroExitException && lastWords is not null
                ? occurrence with { Message = MessageText.Format(Messages.ErrorWithLastWords, occurrence.Message, lastWords.Trim()) }
                : occurrence;
        }
    }
}
