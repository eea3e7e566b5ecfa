namespace Switchyard.Core.Processes;

/// <summary>A child could not be started.</summary>
internal sealed class ChildStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// Whether the cause is this child's own, such as an argument that is too long. Otherwise the program or the folder is at fault,
    /// and no other child could be started either.
    /// </summary>
    public bool IsOfThisChild { get; init; }

    /// <summary>Whether the system has no room for it: fewer children at a time may do.</summary>
    public bool IsShortage { get; init; }
}
