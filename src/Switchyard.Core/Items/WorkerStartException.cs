namespace Switchyard.Core.Items;

/// <summary>A worker could not start, for a reason that every other worker of the run shares.</summary>
internal sealed class WorkerStartException : Exception
{
    public WorkerStartException()
    {
    }

    /// <summary>Creates it.</summary>
    public WorkerStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    public WorkerStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What the failure is about (a module's name, an error record of the session's own kind), for the final report.</summary>
    public object? Subject { get; init; }
}
