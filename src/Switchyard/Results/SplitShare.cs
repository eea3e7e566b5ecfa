using Switchyard.Core.Analysis;

namespace Switchyard;

/// <summary>What share of the time was of one kind, ready to be drawn.</summary>
public sealed class SplitShare
{
    private const int BarWidth = 50;

    private SplitShare(TimeKind kind, double share, int cells)
    {
        Kind = kind;
        Percent = Math.Round(share * 100, 1);
        Bar = new string(kind switch { TimeKind.Wait => '░', TimeKind.Cpu => '█', TimeKind.RunQueue => '▒', _ => '▓' }, cells);
        Color = kind switch
        {
            TimeKind.Cpu => "BrightGreen",
            TimeKind.RunQueue => "BrightBlack",
            TimeKind.Lock => "BrightRed",
            TimeKind.GarbageCollection => "BrightMagenta",
            TimeKind.Disk => "BrightYellow",
            TimeKind.ChildProcess => "BrightBlue",
            _ => "BrightCyan",
        };
    }

    /// <summary>The kind.</summary>
    public TimeKind Kind { get; }

    /// <summary>Percent of the time.</summary>
    public double Percent { get; }

    /// <summary>As many characters as it has of a bar of fifty.</summary>
    public string Bar { get; }

    /// <summary>The color to draw it in: a name in <c>$PSStyle.Foreground</c>.</summary>
    public string Color { get; }

    /// <summary>Shares out a bar so that it is full: what rounding leaves goes to those with the largest rests.</summary>
    internal static SplitShare[] Of(TimeSplit split)
    {
        TimeKind[] kinds = [.. TimeSplit.Kinds.Where(kind => split[kind] >= 0.0005).OrderByDescending(kind => split[kind])];
        int[] cells = [.. kinds.Select(kind => (int)(split[kind] * BarWidth))];
        foreach (int index in Enumerable.Range(0, kinds.Length).OrderByDescending(i => (split[kinds[i]] * BarWidth) - cells[i]).Take(BarWidth - cells.Sum()))
        {
            cells[index]++;
        }

        return [.. kinds.Select((kind, i) => new SplitShare(kind, split[kind], cells[i]))];
    }
}
