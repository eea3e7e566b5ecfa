using Switchyard.Core.Analysis;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Choices;

/// <summary>Records the first items of a run, until enough is known of what their time goes into.</summary>
internal sealed class RunMeter : IItemMeter
{
    // What tiny items cost to be recorded counts.
    private const int MostItems = 1_000;
    private const int Enough = 10;

    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(1);

    private long _count;
    private double _diskShare;
    private volatile bool _isOver;

    public bool IsOn => !_isOver;

    public bool IsProbed => true;

    public BenchmarkLog Log { get; } = new();

    public double DiskShare
    {
        get => Volatile.Read(ref _diskShare);
        set => Volatile.Write(ref _diskShare, value);
    }

    public void NoteOpened() => Log.NoteOpened();

    public void StopWaiting()
    {
    }

    public void Note(in SampledItem item)
    {
        Log.Note(item);
        long count = Interlocked.Increment(ref _count);
        if (count >= MostItems || (count >= Enough && Stopwatch.GetElapsedTime(Log.Start) > _usual))
        {
            _isOver = true;
        }
    }
}
