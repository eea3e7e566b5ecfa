namespace Switchyard.Core.Items;

/// <summary>How an item ended.</summary>
public enum ItemStatus
{
    /// <summary>The body ran to its end. Non-terminating errors do not change that.</summary>
    Succeeded,

    /// <summary>The body threw, or wrote an error under an error action of Stop.</summary>
    Failed,

    /// <summary>A deadline ended it: its own or the run's.</summary>
    TimedOut,

    /// <summary>Its worker died under it.</summary>
    Crashed,

    /// <summary>It was running when the run was stopped.</summary>
    Canceled,

    /// <summary>It was read, but never started.</summary>
    Skipped,
}
