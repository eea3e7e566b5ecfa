namespace Switchyard.Core.Items;

/// <summary>
/// One worker: what can run items one after another. A run gives it a thread of its own, calls <see cref="Open"/> once on that
/// thread, <see cref="Run"/> once and again after each <see cref="StopItem"/>, and <see cref="IDisposable.Dispose"/> at the end.
/// </summary>
internal interface IBatchWorker : IDisposable
{
    /// <summary>The machine that it is on; null for this one, or none. On any thread.</summary>
    string? HostName => null;

    /// <summary>The process of this machine that it is, or runs its item in; null for none but this. On any thread.</summary>
    int? ProcessId => null;

    /// <summary>How long its present item has run, where it knows that itself; null where it does not. On any thread.</summary>
    TimeSpan? RunTime => null;

    /// <summary>Whether others take its place, so that it will soon leave. On any thread.</summary>
    bool IsOutgoing => false;

    /// <summary>Gets ready to run items: opens a runspace, starts a process.</summary>
    /// <param name="sink">Takes what initialization writes, as records of no item.</param>
    /// <exception cref="WorkerStartException">It cannot start. No other worker of this run could either, so the run ends.</exception>
    void Open(IItemSink sink);

    /// <summary>Takes items and finishes each until the source is dry. An item's failure is reported to the sink, never thrown.</summary>
    void Run(IItemSource source, IItemSink sink);

    /// <summary>
    /// Runs what is to be run once the worker has run its last item. Called at most once, after <see cref="Run"/>, on the same thread, and only where items have
    /// ended whose sums were not written: a worker that replaces what it runs items in does so itself for each before.
    /// </summary>
    void Finish(IItemSink sink)
    {
    }

    /// <summary>
    /// Asks the item that runs now to stop. <see cref="Run"/> then returns, normally, and is called again for the next items. Called
    /// on another thread; may block until the item has stopped, and has returned before <see cref="Run"/> is called again.
    /// </summary>
    void StopItem();

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
