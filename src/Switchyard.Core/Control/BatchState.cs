namespace Switchyard.Core.Control;

/// <summary>What a batch does.</summary>
public enum BatchState
{
    /// <summary>It runs its items.</summary>
    Running,

    /// <summary>What runs may end, and nothing new is started.</summary>
    Suspended,

    /// <summary>It ends before all items are done.</summary>
    Stopping,
}
