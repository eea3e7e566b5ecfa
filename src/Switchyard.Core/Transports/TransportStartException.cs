using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>A worker could not be started, or ended before it could be used.</summary>
internal sealed class TransportStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How it ended; null if it was never started, or did not end by itself.</summary>
    public ExitReason? Exit { get; init; }

    /// <summary>Whether others of its kind did start, and ended before they had done anything: fewer of them would do no better.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>Whether it stays wrong however often it is tried.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether nothing that came was of a worker.</summary>
    public bool IsBeforeHello { get; init; }

    public IReadOnlyList<string> LastErrors { get; init; } = [];
}
