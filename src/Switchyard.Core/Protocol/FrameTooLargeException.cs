namespace Switchyard.Core.Protocol;

/// <summary>A value is larger than a frame may be.</summary>
internal sealed class FrameTooLargeException : Exception
{
    public FrameTooLargeException()
    {
    }

    /// <summary>Creates it.</summary>
    public FrameTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    public FrameTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
