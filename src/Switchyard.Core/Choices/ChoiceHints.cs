namespace Switchyard.Core.Choices;

/// <summary>What is known of a run before it begins.</summary>
internal sealed record ChoiceHints
{
    public static readonly TimeSpan UsualProcessStart = TimeSpan.FromSeconds(0.8);

    /// <summary>How many items there will be; null if that is not known.</summary>
    public long? Total { get; init; }

    /// <summary>How many there were the last time: a guess. Null without one.</summary>
    public long? TotalBefore { get; init; }

    /// <summary>What it takes until processes are ready that are not yet there.</summary>
    public TimeSpan ProcessStart { get; init; } = UsualProcessStart;
}
