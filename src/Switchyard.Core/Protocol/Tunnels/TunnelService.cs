namespace Switchyard.Core.Protocol.Tunnels;

/// <summary>Serves one stream that a worker has opened, on a thread of its own. What it throws ends the stream, and the worker is told.</summary>
/// <param name="argument">What the worker has said of what it wants. Not to be trusted.</param>
internal delegate void TunnelService(Stream stream, string argument);
