namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>An item is not to be sent.</summary>
internal sealed class ItemRefusedException(object error) : Exception
{
    /// <summary>What is told of it, as an error of the item.</summary>
    public object Error { get; } = error;

    /// <summary>Whether it is not to be later either.</summary>
    public bool IsFinal { get; init; } = true;
}
