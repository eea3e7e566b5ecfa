namespace Switchyard.Core.Batch;

/// <summary>Makes of items' accounts their results.</summary>
internal sealed class ItemResults(BatchOptions options, TimeProvider clock)
{
    /// <summary>Whether there is one for each item.</summary>
    public bool AreCollected => options.CollectResults;

    /// <summary>Makes the result of an item whose last attempt has ended and is booked, if it is to be told of.</summary>
    /// <returns>The result, of a group that of its first item; null if what the item wrote says it all.</returns>
    public ItemResult? TryTell(ItemAttempt attempt) =>
        options.CollectResults ? ToResult(attempt, attempt.Account.Members.Count > 0 ? attempt.Account.Members[0] : attempt.Item)
        : attempt.End.Status is ItemStatus.TimedOut or ItemStatus.Crashed || IsStopped(attempt) ? ToResult(attempt, attempt.Item)
        : null;

    /// <summary>The same for another item of a group: what the group wrote stands with the first, or it would be there as often as there are items.</summary>
    public ItemResult? TryTellOther(ItemAttempt attempt, int member) =>
        options.CollectResults ? ToResult(attempt, attempt.Account.Members[member], hasOutput: false) : null;

    /// <summary>Makes the result of an item whose last attempt has ended and is booked.</summary>
    /// <param name="item">The item, which may be one of the group that was attempted: then its share is what that took.</param>
    public ItemResult ToResult(ItemAttempt attempt, in BatchItem item, bool hasOutput = true)
    {
        ItemAccount account = attempt.Account;
        int shares = ReferenceEquals(item.Account, account) ? 1 : account.Count;
        return new ItemResult
        {
            Index = item.Index,
            Input = item.Input,
            Status = attempt.End.Status,
            IsStopped = IsStopped(attempt),
            Output = hasOutput ? attempt.Output : [],
            Errors = attempt.Errors,
            Attempts = account.Attempts,
            Duration = account.Duration / shares,
            Shares = shares,
            QueueTime = clock.GetElapsedTime(item.Account!.ReadAt, account.StartedAt ?? clock.GetTimestamp()),
            CpuTime = account.CpuTime / shares,
            WorkerId = attempt.WorkerId,
            HostName = attempt.End.HostName,
            ExitCode = attempt.End.ExitCode,
            OutputPath = account.OutputPath,
        };
    }

    /// <summary>Makes the result of an item that was never started.</summary>
    public ItemResult ToSkipped(in BatchItem item) => new()
    {
        Index = item.Index,
        Input = item.Input,
        Status = ItemStatus.Skipped,
        QueueTime = item.Account is null ? TimeSpan.Zero : clock.GetElapsedTime(item.Account.ReadAt),
    };

    private static bool IsStopped(ItemAttempt attempt) => attempt.IsStopRequested && attempt.End.Status is ItemStatus.Canceled;
}
