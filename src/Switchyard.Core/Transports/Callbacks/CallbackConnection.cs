namespace Switchyard.Core.Transports.Callbacks;

/// <summary>A worker that has connected.</summary>
/// <param name="HostName">What its machine calls itself.</param>
internal sealed record CallbackConnection(Stream Stream, string HostName);
