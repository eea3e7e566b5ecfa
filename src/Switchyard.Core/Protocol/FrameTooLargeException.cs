namespace Switchyard.Core.Protocol;

/// <summary>A value is larger than a frame may be.</summary>
public sealed class FrameTooLargeException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public FrameTooLargeException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">How large it may be.</param>
    public FrameTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">How large it may be.</param>
    /// <param name="innerException">The cause.</param>
    public FrameTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
