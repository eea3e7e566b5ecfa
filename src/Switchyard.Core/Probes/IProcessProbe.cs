namespace Switchyard.Core.Probes;

/// <summary>Reads what another process uses, without touching it.</summary>
internal interface IProcessProbe
{
    /// <summary>Takes a reading.</summary>
    /// <returns>The counters; null if the process has ended.</returns>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    ProcessReading? Read();
}
