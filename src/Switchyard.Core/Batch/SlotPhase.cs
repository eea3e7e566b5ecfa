namespace Switchyard.Core.Batch;

/// <summary>How far a worker is.</summary>
internal enum SlotPhase
{
    /// <summary>Its worker is being opened and has taken nothing.</summary>
    Opening,

    /// <summary>It takes and runs items.</summary>
    Running,

    /// <summary>It will take no more; what it wrote is in its buffer.</summary>
    Idle,

    /// <summary>Its worker is gone.</summary>
    Ended,
}
