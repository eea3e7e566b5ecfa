namespace Switchyard.Core.Gauges;

/// <summary>Reads how much memory is left.</summary>
internal interface IMemoryGauge
{
    /// <summary>Takes a reading. Costs up to some hundred microseconds, never throws, and may be called from any thread.</summary>
    MemoryReading Read();
}
