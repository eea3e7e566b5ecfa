using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>An item is not to be sent at all, now or later.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It means nothing without its error.")]
internal sealed class ItemRefusedException(object error) : Exception
{
    /// <summary>What is told of it, as an error of the item.</summary>
    public object Error { get; } = error;
}
