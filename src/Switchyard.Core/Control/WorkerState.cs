namespace Switchyard.Core.Control;

/// <summary>What a worker of a batch does.</summary>
public enum WorkerState
{
    /// <summary>It has no item.</summary>
    Idle,

    /// <summary>It is getting ready.</summary>
    Opening,

    /// <summary>It runs an item.</summary>
    Running,
}
