namespace Switchyard.Core.Batch;

/// <summary>The account of a run: every item that was read is in exactly one of its numbers.</summary>
internal sealed record RunOutcome
{
    public required RunEnd End { get; init; }

    public required long Read { get; init; }

    /// <summary>How many ended by themselves, well or not.</summary>
    public required long Finished { get; init; }

    public required long Failed { get; init; }

    /// <summary>What was running when the run was ended, in the order of the input.</summary>
    public required IReadOnlyList<BatchItem> Interrupted { get; init; }

    /// <summary>How many were read but never started.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many of those that were read were not run, as a journal says that they had succeeded before.</summary>
    public long DoneBefore { get; init; }

    /// <summary>How many a journal has as succeeded, if it is a surprise that the run had none of them; else 0.</summary>
    public long Unmatched { get; init; }

    /// <summary>How many of the items had succeeded before and were run all the same, as what they wrote was not to be had.</summary>
    public long OutputsLost { get; init; }

    /// <summary>How many workers did not stop and were abandoned; each ends when the call that it is in returns.</summary>
    public required int Abandoned { get; init; }

    /// <summary>How many items ended of which what they have summed up was not written, as the run was ended before.</summary>
    public long Unsummed { get; init; }

    /// <summary>What broke, when <see cref="End"/> is <see cref="RunEnd.Failed"/>.</summary>
    public Exception? Failure { get; init; }
}
