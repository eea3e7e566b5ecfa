namespace Switchyard.Core.SharedState.Objects;

/// <summary>A lock that one holds at a time, here or in another process.</summary>
internal interface ILock
{
    /// <summary>Takes it, once it is free.</summary>
    /// <returns>What proves that it is held; null if it did not become free in time.</returns>
    ILockHold? TryEnter(in WaitLimit limit);
}
