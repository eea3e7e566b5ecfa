namespace Switchyard.Core.Telemetry;

/// <summary>How long the remaining items take, judged by how long the others took.</summary>
internal static class PredictionInterval
{
    /// <summary>The most samples that it can be made of. More would hardly narrow it.</summary>
    public const int MaxSamples = 8;

    // Student's t, 90th percentile, by degrees of freedom from 1: two-sided 80 %.
    private static readonly double[] _t = [3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415];

    /// <summary>
    /// The two-sided 80 % prediction interval of a sum of further observations, m x mean +- t s sqrt(m^2 / k + m), from k independent
    /// ones (Hahn and Meeker, Statistical Intervals, 1991, chapter 4: interval to contain the mean of m future observations, times m).
    /// </summary>
    public static (double Low, double High) OfSum(ReadOnlySpan<double> samples, double further)
    {
        int count = samples.Length;
        double mean = 0;
        foreach (double sample in samples)
        {
            mean += sample / count;
        }

        double squares = 0;
        foreach (double sample in samples)
        {
            squares += (sample - mean) * (sample - mean);
        }

        double deviation = Math.Sqrt(squares / (count - 1));
        double half = _t[count - 2] * deviation * Math.Sqrt((further * further / count) + further);
        return (Math.Max(0, (further * mean) - half), (further * mean) + half);
    }
}
