using System.Diagnostics;
using Switchyard.Core.Items;

namespace Switchyard.Core.Analysis;

/// <summary>When an item of a benchmark run ran, and where.</summary>
/// <param name="Worker">Number of the worker, from 1.</param>
/// <param name="Start"><see cref="Stopwatch"/> ticks at its start.</param>
/// <param name="End"><see cref="Stopwatch"/> ticks at its end.</param>
/// <param name="Status">How it ended.</param>
/// <param name="CpuTime">Processor time that it took elsewhere than on its worker's thread; null if it ran there.</param>
public readonly record struct SampledItem(int Worker, long Start, long End, ItemStatus Status, TimeSpan? CpuTime)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration => Stopwatch.GetElapsedTime(Start, End);
}
