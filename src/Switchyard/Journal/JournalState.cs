namespace Switchyard;

/// <summary>What has become of the last run of a journal.</summary>
public enum JournalState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It came to the end of its input.</summary>
    Completed,

    /// <summary>It was stopped, as by Ctrl+C.</summary>
    Canceled,

    /// <summary>Its time was up.</summary>
    TimedOut,

    /// <summary>Too many items failed.</summary>
    TooManyFailures,

    /// <summary>Something broke that all items need.</summary>
    Failed,

    /// <summary>It ended without a word: its process was killed, or the machine went down.</summary>
    CutOff,
}
