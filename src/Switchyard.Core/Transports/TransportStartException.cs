using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>A worker could not be started, or ended before it could be used.</summary>
public sealed class TransportStartException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public TransportStartException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What happened.</param>
    public TransportStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public TransportStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How it ended; null if it was never started, or did not end by itself.</summary>
    public ExitReason? Exit { get; init; }

    /// <summary>The last lines of its standard error.</summary>
    public IReadOnlyList<string> LastErrors { get; init; } = [];
}
