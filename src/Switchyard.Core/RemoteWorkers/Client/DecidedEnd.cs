namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>How an item ended that no worker can end any more: it cannot be sent, or its worker has died.</summary>
/// <param name="Error">The error; null if there is none to tell.</param>
internal sealed record DecidedEnd(ItemEnd End, object? Error);
