namespace Switchyard.Core.Analysis;

/// <summary>When an item of a benchmark run ran, and where.</summary>
/// <param name="Worker">Number of the worker, from 1.</param>
/// <param name="CpuTime">Processor time that it took elsewhere than on its worker's thread; null if it ran there.</param>
internal readonly record struct SampledItem(int Worker, long Start, long End, ItemStatus Status, TimeSpan? CpuTime)
{
    public TimeSpan Duration => Stopwatch.GetElapsedTime(Start, End);
}
