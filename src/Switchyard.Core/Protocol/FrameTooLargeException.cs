namespace Switchyard.Core.Protocol;

/// <summary>A value is larger than a frame may be.</summary>
internal sealed class FrameTooLargeException(string message, Exception? inner = null) : Exception(message, inner);
