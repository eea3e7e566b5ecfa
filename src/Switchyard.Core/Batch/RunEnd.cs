namespace Switchyard.Core.Batch;

/// <summary>Why a run is over.</summary>
public enum RunEnd
{
    /// <summary>The run is not over.</summary>
    None,

    /// <summary>Every item was run.</summary>
    Completed,

    /// <summary>The caller stopped it.</summary>
    Canceled,

    /// <summary>Too many items failed: nothing new was started, what ran was finished.</summary>
    TooManyFailures,

    /// <summary>Its time was up.</summary>
    TimedOut,

    /// <summary>No worker can start, or one broke in a way that says nothing of its item.</summary>
    Failed,
}
