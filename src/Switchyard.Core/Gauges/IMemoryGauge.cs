namespace Switchyard.Core.Gauges;

/// <summary>Reads how much memory is left.</summary>
internal interface IMemoryGauge
{
    /// <summary>Takes a reading. Costs up to some hundred microseconds, never throws, and may be called from any thread.</summary>
    /// <returns>What this process and those it starts can still use.</returns>
    MemoryReading Read();
}
