namespace Switchyard.Core.Batch.Workers;

/// <summary>What a worker is to do that the system has no room for.</summary>
internal enum ShortageAnswer
{
    /// <summary>Others go on: it is to leave.</summary>
    Leave,

    /// <summary>It is the last, and what the others had is free now: it is to try again.</summary>
    TryAgain,

    /// <summary>It is the last, and nothing more will become free.</summary>
    Fail,
}
