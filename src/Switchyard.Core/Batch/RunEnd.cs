namespace Switchyard.Core.Batch;

/// <summary>Why a run is over.</summary>
internal enum RunEnd
{
    /// <summary>The run is not over.</summary>
    None,

    Completed,

    Canceled,

    /// <summary>Somebody had it stopped from elsewhere: its own pipeline is to be told.</summary>
    Stopped,

    /// <summary>Too many items failed: nothing new was started, what ran was finished.</summary>
    TooManyFailures,

    TimedOut,

    /// <summary>No worker can start, or one broke in a way that says nothing of its item.</summary>
    Failed,
}
