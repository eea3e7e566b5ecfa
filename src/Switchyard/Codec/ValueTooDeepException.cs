namespace Switchyard.Codec;

/// <summary>A value holds values that hold values, too many times over.</summary>
public sealed class ValueTooDeepException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public ValueTooDeepException()
    {
    }

    /// <summary>Creates it.</summary>
    public ValueTooDeepException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    public ValueTooDeepException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
