namespace Switchyard.Items;

/// <summary>
/// One worker: what can run items one after another. A run gives it a thread of its own, calls <see cref="Open"/> and
/// <see cref="Run"/> once each on that thread, and <see cref="IDisposable.Dispose"/> there at the end.
/// </summary>
public interface IBatchWorker : IDisposable
{
    /// <summary>Gets ready to run items: opens a runspace, starts a process.</summary>
    /// <param name="sink">Takes what initialization writes, as records of no item.</param>
    /// <exception cref="WorkerStartException">It cannot start. No other worker of this run could either, so the run ends.</exception>
    void Open(IItemSink sink);

    /// <summary>Takes items and finishes each until the source is dry. An item's failure is reported to the sink, never thrown.</summary>
    /// <param name="source">Where the items come from.</param>
    /// <param name="sink">Where their records and ends go.</param>
    void Run(IItemSource source, IItemSink sink);

    /// <summary>
    /// Asks whatever runs now to stop; <see cref="Open"/> or <see cref="Run"/> then return. Called on another thread, at any time
    /// before the worker's thread has ended, at most once; may block.
    /// </summary>
    void Stop();

    /// <summary>
    /// Gives up on a worker that did not listen to <see cref="Stop"/>: frees what can be freed without it. Called on a background
    /// thread; may block for as long as the worker does.
    /// </summary>
    void Abandon();
}
