using Switchyard.Core.Analysis;

namespace Switchyard.Core.Choices;

/// <summary>How a kind of work ran best, and what its items cost there.</summary>
internal sealed record LearntChoice
{
    public required Recommendation Way { get; init; }

    public required int Width { get; init; }

    public double ItemSeconds { get; init; }

    public double CpuSeconds { get; init; }

    /// <summary>Items a second; expected ones where it has not been tried yet.</summary>
    public double Rate { get; init; }

    /// <summary>What threads did when they were measured last, by <see cref="WayChooser.BestRate"/>; 0 if they never were.</summary>
    public double ThreadRate { get; init; }

    /// <summary>What processes did then; 0 if they never were.</summary>
    public double ProcessRate { get; init; }

    /// <summary>How many items the last batch had.</summary>
    public double Items { get; init; }

    /// <summary>What it took to have a process that can work; 0 where none was started.</summary>
    public double ProcessStartSeconds { get; init; }

    /// <summary>How many batches this was learnt from.</summary>
    public int Runs { get; init; }

    /// <summary>When it was used last. It is kept to the millisecond.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>Whether a batch can have made it: a cache is a file that anything may have happened to.</summary>
    public bool IsSound => Width > 0
        && Runs >= 0
        && Enum.IsDefined(Way)
        && IsFigure(ItemSeconds)
        && IsFigure(CpuSeconds)
        && IsFigure(Rate)
        && IsFigure(ThreadRate)
        && IsFigure(ProcessRate)
        && IsFigure(Items)
        && IsFigure(ProcessStartSeconds);

    private static bool IsFigure(double value) => double.IsFinite(value) && value >= 0;
}
