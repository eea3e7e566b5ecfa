namespace Switchyard;

/// <summary>Errors that are equal but for what is of their items: what <c>Get-BatchError</c> writes.</summary>
public sealed class BatchErrorGroup
{
    internal BatchErrorGroup()
    {
    }

    /// <summary>How many errors it is.</summary>
    public required long Count { get; init; }

    /// <summary>Their message, with <c>*</c> for what differs: also a pattern for <c>-like</c>, unless the message itself holds brackets.</summary>
    public required string Message { get; init; }

    /// <summary>Their stable id, of the first one; null if they have none but their message.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The exit code of the executable; null for all other errors.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How their items ended. Empty where that is not known, as of error records.</summary>
    public required ItemStatus[] Status { get; init; }

    /// <summary>The first items that they are of, or their texts where a journal has no more.</summary>
    public required object[] Items { get; init; }

    /// <summary>The lowest position of their items in the input, from 0; null where that is not known.</summary>
    public long? FirstIndex { get; init; }

    /// <summary>The highest position of their items in the input; null where that is not known.</summary>
    public long? LastIndex { get; init; }

    /// <summary>The first of them, as it was; null if they are from a journal.</summary>
    public ErrorRecord? FirstError { get; init; }
}
