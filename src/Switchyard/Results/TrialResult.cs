using Switchyard.Core.Analysis;

namespace Switchyard;

/// <summary>What a number of workers was measured to do, beside what had been predicted from one.</summary>
public sealed class TrialResult
{
    internal TrialResult(BenchmarkPoint point, double predicted)
    {
        Kind = point.Way;
        ThrottleLimit = point.Width;
        PredictedPerSecond = Math.Round(predicted, 2);
        MeasuredPerSecond = point.Throughput is { } measured ? Math.Round(measured, 2) : null;
        ItemCount = point.ItemCount;
        FailedCount = point.FailedCount;
        StartTime = point.StartUp;
    }

    /// <summary>Threads or processes.</summary>
    public Recommendation Kind { get; }

    /// <summary>How many.</summary>
    public int ThrottleLimit { get; }

    /// <summary>Items a second, as the sample of one after another lets expect.</summary>
    public double PredictedPerSecond { get; }

    /// <summary>Items a second while all were busy; null if there were too few items to tell.</summary>
    public double? MeasuredPerSecond { get; }

    /// <summary>How many items were run.</summary>
    public int ItemCount { get; }

    /// <summary>How many of them failed.</summary>
    public int FailedCount { get; }

    /// <summary>How long it took until all were ready.</summary>
    public TimeSpan StartTime { get; }
}
