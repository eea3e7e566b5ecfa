namespace Switchyard.Core.Queues;

/// <summary>
/// Decides how many items a worker takes at a time: many where items are trivial, so that locks and wake-ups are shared, one
/// where they are slow, so that no item waits behind another. Pure arithmetic on measured times.
/// </summary>
/// <param name="target">How long a chunk is to take; null for what suits workers in this process.</param>
internal sealed class ChunkSizer(TimeSpan? target = null)
{
    /// <summary>The most items in a chunk. Larger ones gain nothing measurable.</summary>
    public const int MaxSize = 512;

    /// <summary>From this size on, items count as trivial: waiting a millisecond for many is cheaper than being woken for each.</summary>
    public const int TrivialSize = 16;

    // Long enough to hide a lock and a wake-up, short against what a person or another worker notices.
    private static readonly TimeSpan _usualTarget = TimeSpan.FromMilliseconds(0.5);

    private readonly long _targetTicks = (long)((target ?? _usualTarget).TotalSeconds * Stopwatch.Frequency);

    public int Size { get; private set; } = 1;

    public bool IsTrivial => Size >= TrivialSize;

    /// <summary>Takes note of a finished chunk, and of the <see cref="Stopwatch"/> ticks that it took.</summary>
    public void Note(int count, long ticks)
    {
        if (count <= 0)
        {
            return;
        }

        long fitting = ticks <= 0 ? MaxSize : _targetTicks * count / ticks;

        // Growth is by doubling, as a few quick items prove little; shrinking is at once, as a slow one holds others up.
        Size = (int)Math.Clamp(Math.Min(fitting, Size * 2L), 1, MaxSize);
    }
}
