namespace Switchyard.Core.SharedState;

/// <summary>Who has said where a shared object is: what it means depends on where that is, and a far worker's word counts only for what it was given.</summary>
internal enum SharedOrigin
{
    /// <summary>A process of this machine that this one has started.</summary>
    LocalProcess,

    /// <summary>The caller that this process works for.</summary>
    Caller,

    /// <summary>A worker of this process on another machine.</summary>
    FarWorker,
}
