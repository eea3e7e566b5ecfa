namespace Switchyard.Core.Protocol;

/// <summary>What came does not follow the protocol: the connection is of no more use.</summary>
public sealed class MalformedFrameException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public MalformedFrameException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong.</param>
    public MalformedFrameException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public MalformedFrameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
