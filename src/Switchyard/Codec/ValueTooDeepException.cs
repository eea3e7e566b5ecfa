namespace Switchyard.Codec;

/// <summary>A value holds values that hold values, too many times over.</summary>
internal sealed class ValueTooDeepException(string message, Exception? inner = null) : Exception(message, inner);
