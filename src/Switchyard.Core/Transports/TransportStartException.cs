using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>A worker could not be started, or ended before it could be used.</summary>
internal sealed class TransportStartException : Exception
{
    public TransportStartException()
    {
    }

    /// <summary>Creates it.</summary>
    public TransportStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    public TransportStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How it ended; null if it was never started, or did not end by itself.</summary>
    public ExitReason? Exit { get; init; }

    public IReadOnlyList<string> LastErrors { get; init; } = [];
}
