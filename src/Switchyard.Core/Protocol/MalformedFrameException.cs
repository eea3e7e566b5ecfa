namespace Switchyard.Core.Protocol;

/// <summary>What came does not follow the protocol: the connection is of no more use.</summary>
internal sealed class MalformedFrameException(string message, Exception? inner = null) : Exception(message, inner);
