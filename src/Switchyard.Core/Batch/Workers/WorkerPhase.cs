namespace Switchyard.Core.Batch.Workers;

/// <summary>The life of a worker's thread. Every other phase may be left out.</summary>
internal enum WorkerPhase
{
    /// <summary>Its worker is being opened and has taken nothing.</summary>
    Opening,

    Running,

    /// <summary>It takes no more, and its worker is being disposed of. What it wrote is in its buffer.</summary>
    Leaving,

    /// <summary>It did not stop, and the run goes on without it.</summary>
    Abandoned,

    Ended,
}
