namespace Switchyard.Core.Analysis;

/// <summary>Figures of a sample of item times. The first items, which are slower because code is compiled and caches are filled, are told apart.</summary>
internal sealed class SampleStatistics
{
    // A first item is a warm-up if it takes so much longer than the usual one.
    private const double WarmUpFactor = 1.5;

    // 97.5 % quantiles of Student's t by degrees of freedom, from 1; then the normal distribution's.
    private static readonly double[] _quantiles =
        [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09];

    private const double NormalQuantile = 1.96;

    private SampleStatistics(int warmUp, double[] sorted)
    {
        WarmUpCount = warmUp;
        Count = sorted.Length;
        Mean = sorted.Length > 0 ? sorted.Average() : 0;
        LowerQuartile = Quantile(sorted, 0.25);
        Median = Quantile(sorted, 0.5);
        P95 = Quantile(sorted, 0.95);
        double variance = Count > 1 ? sorted.Sum(value => (value - Mean) * (value - Mean)) / (Count - 1) : 0;
        double quantile = Count < 2 ? 0 : Count - 2 < _quantiles.Length ? _quantiles[Count - 2] : NormalQuantile;
        RelativeError = Count < 2 || Mean <= 0 ? 1 : Math.Min(1, quantile * Math.Sqrt(variance / Count) / Mean);
    }

    /// <summary>How many of the first items were a warm-up, and are in none of the figures.</summary>
    public int WarmUpCount { get; }

    public int Count { get; }

    public double Mean { get; }

    /// <summary>A quarter of them took no longer.</summary>
    public double LowerQuartile { get; }

    /// <summary>Half of them took no longer.</summary>
    public double Median { get; }

    /// <summary>95 of 100 took no longer.</summary>
    public double P95 { get; }

    /// <summary>Half the width of the 95 % confidence interval of the mean (Student's t), as a share of the mean; 1 where nothing is known.</summary>
    public double RelativeError { get; }

    /// <summary>Computes the figures.</summary>
    /// <param name="times">What the items took, in the order in which they ran; all in one unit.</param>
    public static SampleStatistics Of(IReadOnlyList<double> times)
    {
        int warmUp = CountWarmUp(times);
        double[] rest = [.. times.Skip(warmUp)];
        Array.Sort(rest);
        return new SampleStatistics(warmUp, rest);
    }

    /// <summary>Counts the items at the beginning that took longer than the rest does; at most half of all.</summary>
    private static int CountWarmUp(IReadOnlyList<double> times)
    {
        if (times.Count < 3)
        {
            // Of two, either may be the usual one; but the first is the one that was compiled.
            return times.Count == 2 && times[0] > times[1] * WarmUpFactor ? 1 : 0;
        }

        double[] later = [.. times.Skip(times.Count / 2)];
        Array.Sort(later);
        double usual = Quantile(later, 0.5);
        int count = 0;
        while (count < times.Count / 2 && times[count] > usual * WarmUpFactor)
        {
            count++;
        }

        return count;
    }

    private static double Quantile(double[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return 0;
        }

        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}
