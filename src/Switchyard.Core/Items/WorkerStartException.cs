namespace Switchyard.Core.Items;

/// <summary>A worker could not start, for a reason that every other worker of the run shares.</summary>
internal sealed class WorkerStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the failure is about (a module's name, an error record of the session's own kind), for the final report.</summary>
    public object? Subject { get; init; }
}
