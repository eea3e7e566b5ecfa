namespace Switchyard.Core.Analysis;

/// <summary>What a number of workers of a kind was measured to do.</summary>
/// <param name="Throughput">Items a second while all were busy; null if too few items were left to tell.</param>
/// <param name="OverheadSeconds">Seconds an item that its worker did not spend on it: sending and receiving.</param>
/// <param name="LockShare">Of all its workers' time, the share that they waited for .NET monitors.</param>
/// <param name="GarbageCollectionShare">Of its time, the share in which the garbage collector had stopped all threads.</param>
internal sealed record BenchmarkPoint(
    Recommendation Way,
    int Width,
    double? Throughput,
    TimeSpan StartUp,
    int ItemCount,
    int FailedCount,
    double OverheadSeconds,
    double LockShare,
    double GarbageCollectionShare);
