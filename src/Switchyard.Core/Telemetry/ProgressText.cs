namespace Switchyard.Core.Telemetry;

/// <summary>Says in English how far a run is. Figures are as coarse as they are uncertain.</summary>
internal static class ProgressText
{
    private const double Minute = 60;
    private const double Hour = 60 * Minute;
    private const double Day = 24 * Hour;

    /// <summary>Such as "120 of 1,000 done, 3 failed, 8 running, 41/s".</summary>
    public static string Status(in RunProgress progress, double? rate, CultureInfo culture)
    {
        StringBuilder text = new();
        text.Append(culture, $"{progress.Done:N0}");
        if (progress.TrustedTotal is long total)
        {
            text.Append(culture, $" of {total:N0}");
        }

        text.Append(" done");
        Append(progress.Failed, "failed");
        Append(progress.Running, "running");
        Append(progress.Waiting, "waiting to be retried");
        return rate is double known && Rate(known, culture) is string speed ? text.Append(", ").Append(speed).ToString() : text.ToString();

        void Append(long count, string what)
        {
            if (count > 0)
            {
                text.Append(culture, $", {count:N0} {what}");
            }
        }
    }

    /// <summary>Such as "3 failed".</summary>
    public static string Failed(long failed, CultureInfo culture) => string.Create(culture, $"{failed:N0} failed");

    public static string Left(TimeRange range, CultureInfo culture)
    {
        (double unit, double step, string name) = UnitOf(range.High.TotalSeconds);
        double high = Math.Max(step, Math.Ceiling(range.High.TotalSeconds / unit / step) * step);
        double low = Math.Floor(range.Low.TotalSeconds / unit / step) * step;

        // Rounded outwards; a lower bound that is next to nothing says nothing.
        string number = low < high / 10 ? $"up to {Number(high)}" : low == high ? Number(high) : $"{Number(low)}-{Number(high)}";
        return $"{number} {name} left";

        string Number(double value) => value.ToString("#,0.#", culture);
    }

    /// <summary>Such as "nothing finished for 3 min".</summary>
    public static string Stalled(TimeSpan quiet, CultureInfo culture)
    {
        (double unit, double step, string name) = UnitOf(quiet.TotalSeconds);
        return string.Create(culture, $"nothing finished for {Math.Floor(quiet.TotalSeconds / unit / step) * step:#,0.#} {name}");
    }

    private static string? Rate(double perSecond, CultureInfo culture) => perSecond switch
    {
        >= 10 => string.Create(culture, $"{perSecond:N0}/s"),
        >= 1 => string.Create(culture, $"{perSecond:0.#}/s"),
        >= 1 / Minute => string.Create(culture, $"{perSecond * Minute:0.#}/min"),
        >= 1 / Hour => string.Create(culture, $"{perSecond * Hour:0.#}/h"),
        _ => null,
    };

    private static (double Unit, double Step, string Name) UnitOf(double seconds) => seconds switch
    {
        <= 20 => (1, 1, "s"),
        <= 90 => (1, 5, "s"),
        <= 90 * Minute => (Minute, 1, "min"),
        <= 10 * Hour => (Hour, 0.5, "h"),
        <= 2 * Day => (Hour, 1, "h"),
        _ => (Day, 1, "days"),
    };
}
