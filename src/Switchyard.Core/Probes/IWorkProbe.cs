namespace Switchyard.Core.Probes;

/// <summary>Reads what a thread has used of the machine. Made on that thread, and used on no other.</summary>
internal interface IWorkProbe : IDisposable
{
    /// <summary>Takes a reading. Costs some 10 to 20 microseconds, and needs no privilege.</summary>
    WorkReading Read();
}
