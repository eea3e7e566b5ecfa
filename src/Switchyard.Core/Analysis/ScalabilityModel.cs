namespace Switchyard.Core.Analysis;

/// <summary>
/// The Universal Scalability Law: <c>X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))</c>, where sigma is the share of work that
/// waits for others (contention) and kappa what it costs to agree with each (crosstalk).
/// </summary>
/// <remarks>N. J. Gunther, Guerrilla Capacity Planning, 2007; fitted as there, by least squares of N / C(N) - 1 over N - 1.</remarks>
/// <param name="Rate">Lambda: items a second of one worker.</param>
/// <param name="Crosstalk">Kappa; not below 0.</param>
internal sealed record ScalabilityModel(double Rate, double Contention, double Crosstalk)
{
    /// <summary>The number of workers with the highest throughput, <c>sqrt((1 - sigma) / kappa)</c>; infinite without crosstalk.</summary>
    public double Peak => Crosstalk > 0 ? Math.Sqrt(Math.Max(0, 1 - Contention) / Crosstalk) : double.PositiveInfinity;

    /// <summary>Predicts the throughput with so many workers.</summary>
    /// <returns>Items a second.</returns>
    public double Throughput(double workers) =>
        Rate * workers / (1 + (Contention * (workers - 1)) + (Crosstalk * workers * (workers - 1)));

    /// <summary>Fits the law to measurements.</summary>
    /// <param name="rate">Items a second of one worker.</param>
    /// <param name="points">Numbers of workers above one, and items a second with them.</param>
    /// <returns>The model; null without a point.</returns>
    public static ScalabilityModel? Fit(double rate, IReadOnlyCollection<(int Workers, double Throughput)> points)
    {
        // y = sigma x + kappa x (x + 1), with x = N - 1. Each point counts for its throughput's error, not for that of its reciprocal.
        double xx = 0, xz = 0, zz = 0, xy = 0, zy = 0;
        int count = 0;
        foreach ((int workers, double throughput) in points)
        {
            if (workers < 2 || throughput <= 0 || rate <= 0)
            {
                continue;
            }

            double x = workers - 1;
            double z = x * workers;
            double relative = throughput / rate;
            double y = (workers / relative) - 1;
            double weight = Math.Pow(relative / workers, 2);
            xx += weight * x * x;
            xz += weight * x * z;
            zz += weight * z * z;
            xy += weight * x * y;
            zy += weight * z * y;
            count++;
        }

        if (count == 0)
        {
            return null;
        }

        double determinant = (xx * zz) - (xz * xz);
        if (count > 1 && determinant > 1e-12 * xx * zz)
        {
            double sigma = ((xy * zz) - (zy * xz)) / determinant;
            double kappa = ((zy * xx) - (xy * xz)) / determinant;
            if (sigma >= 0 && kappa >= 0)
            {
                return new ScalabilityModel(rate, Math.Min(1, sigma), kappa);
            }

            if (sigma < 0)
            {
                return new ScalabilityModel(rate, 0, Math.Max(0, zy / zz));
            }
        }

        return new ScalabilityModel(rate, Math.Clamp(xy / xx, 0, 1), 0);
    }
}
