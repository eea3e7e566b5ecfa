namespace Switchyard.Core.SharedState;

/// <summary>What is shared.</summary>
public enum SharedKind
{
    /// <summary>Elements that each go to one taker, the first in first out.</summary>
    Queue,

    /// <summary>Values by keys.</summary>
    Dictionary,

    /// <summary>A whole number.</summary>
    Counter,

    /// <summary>What one holds at a time.</summary>
    Lock,
}
