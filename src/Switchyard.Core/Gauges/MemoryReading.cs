namespace Switchyard.Core.Gauges;

/// <summary>Memory at one moment.</summary>
/// <param name="AvailableBytes">Bytes that can be had without swapping, caches that would be given up included.</param>
/// <param name="TotalBytes">Bytes there are in all: the machine's memory, or the container's limit where that is lower.</param>
internal readonly record struct MemoryReading(long AvailableBytes, long TotalBytes);
