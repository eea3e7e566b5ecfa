namespace Switchyard.Core.Protocol;

/// <summary>What came does not follow the protocol: the connection is of no more use.</summary>
internal sealed class MalformedFrameException : Exception
{
    public MalformedFrameException()
    {
    }

    /// <summary>Creates it.</summary>
    public MalformedFrameException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    public MalformedFrameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
