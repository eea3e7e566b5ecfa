namespace Switchyard.Core.Analysis;

/// <summary>What follows from what was measured.</summary>
internal sealed record Advice
{
    public required Bottleneck Bottleneck { get; init; }

    public required Recommendation Recommendation { get; init; }

    public required int ThrottleLimit { get; init; }

    public required TimeSplit Split { get; init; }

    /// <summary>Items a second of the best way that was found, whether it pays or not.</summary>
    public double BestRate { get; init; }

    /// <summary>How many times as fast as one item after another.</summary>
    public required double ExpectedSpeedup { get; init; }

    /// <summary>From how many items on that is true of the whole, with what it takes to start; null if never, or if nothing is to be started.</summary>
    public required long? BreakEvenCount { get; init; }

    public required double Confidence { get; init; }

    /// <summary>Bytes that each worker takes; null if it was not measured.</summary>
    public required long? BytesPerWorker { get; init; }

    /// <summary>Why: a sentence for each thing that counted, with its figure.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>The law fitted to threads, where they were tried.</summary>
    public ScalabilityModel? ThreadModel { get; init; }

    /// <summary>The law fitted to processes, where they were tried.</summary>
    public ScalabilityModel? ProcessModel { get; init; }
}
