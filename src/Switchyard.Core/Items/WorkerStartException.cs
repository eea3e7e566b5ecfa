namespace Switchyard.Core.Items;

/// <summary>A worker could not start, for a reason that every other worker of the run shares.</summary>
internal sealed class WorkerStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// Whether fewer workers may do: the system has no room for another process, thread or open file. A worker that throws this has dropped its
    /// items, and the run takes them back.
    /// </summary>
    public bool IsShortage { get; init; }

    /// <summary>Whether trying again would be of no use: what is wrong stays wrong.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether it had begun, as far as is known, and was ended: then another may do better soon.</summary>
    public bool HasBegun { get; init; }

    /// <summary>How the item ended that it was found out by; null if the item is given back.</summary>
    public ItemEnd? End { get; init; }

    /// <summary>What the failure is about (a module's name, an error record of the session's own kind), for the final report.</summary>
    public object? Subject { get; init; }
}
