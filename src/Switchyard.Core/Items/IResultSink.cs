namespace Switchyard.Core.Items;

/// <summary>
/// Where a run's records end: a cmdlet's pipeline, a job, a test. Called only on the thread that adds to or completes the run,
/// one record at a time. What it throws ends the run and reaches that thread's caller as it is.
/// </summary>
internal interface IResultSink
{
    void Write(in ItemRecord record);

    /// <summary>
    /// Takes what became of an item, after all its records. Runs that collect results tell of every item, others only of those
    /// whose own records do not say how they ended: a deadline did, or the death of the worker.
    /// </summary>
    void Complete(ItemResult result);
}
