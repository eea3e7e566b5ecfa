namespace Switchyard.Core.Analysis;

/// <summary>What a number of workers of a kind was measured to do.</summary>
/// <param name="Way">The kind.</param>
/// <param name="Width">How many.</param>
/// <param name="Throughput">Items a second while all were busy; null if too few items were left to tell.</param>
/// <param name="StartUp">How long it took until all were ready.</param>
/// <param name="ItemCount">How many items were run.</param>
/// <param name="FailedCount">How many of them failed.</param>
/// <param name="OverheadSeconds">Seconds an item that its worker did not spend on it: sending and receiving.</param>
/// <param name="LockShare">Of all its workers' time, the share that they waited for .NET monitors.</param>
/// <param name="GarbageCollectionShare">Of its time, the share in which the garbage collector had stopped all threads.</param>
public sealed record BenchmarkPoint(
    Recommendation Way,
    int Width,
    double? Throughput,
    TimeSpan StartUp,
    int ItemCount,
    int FailedCount,
    double OverheadSeconds,
    double LockShare,
    double GarbageCollectionShare);
