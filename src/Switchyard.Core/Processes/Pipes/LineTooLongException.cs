namespace Switchyard.Core.Processes.Pipes;

/// <summary>A child wrote so much without ending a line that it cannot be kept.</summary>
public sealed class LineTooLongException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public LineTooLongException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What happened and what to do.</param>
    public LineTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public LineTooLongException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
