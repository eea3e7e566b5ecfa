namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>An item is not to be sent at all, now or later.</summary>
internal sealed class ItemRefusedException(object error) : Exception
{
    /// <summary>What is told of it, as an error of the item.</summary>
    public object Error { get; } = error;
}
