namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>A file that an item makes where it runs.</summary>
/// <param name="Name">What it is called in the working folder, with slashes.</param>
/// <param name="Destination">Where it is put: its full path at the caller; empty elsewhere.</param>
internal sealed record ReceivedFile(string Name, string Destination);
