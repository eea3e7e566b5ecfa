using System.Globalization;

namespace Switchyard.Core.Telemetry;

public sealed class ProgressTextTests
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    [Theory]
    [InlineData(120, 3, 8, 0, 1000L, 41.4, "120 of 1,000 done, 3 failed, 8 running, 41/s")]
    [InlineData(0, 0, 0, 0, null, null, "0 done")]
    [InlineData(0, 0, 4, 0, 1000L, null, "0 of 1,000 done, 4 running")]
    [InlineData(1234567, 0, 1, 2, null, 12345.6, "1,234,567 done, 1 running, 2 waiting to be retried, 12,346/s")]
    [InlineData(9, 0, 0, 0, 8L, 4.26, "9 done, 4.3/s")]
    [InlineData(1, 1, 0, 0, null, 0.2, "1 done, 1 failed, 12/min")]
    [InlineData(1, 0, 0, 0, null, 0.001, "1 done, 3.6/h")]
    [InlineData(1, 0, 0, 0, null, 0.0001, "1 done")]
    public void The_status_tells_what_is_not_zero(long done, long failed, int running, int waiting, long? total, double? rate, string expected)
    {
        RunProgress progress = new(done, done, failed, running, waiting, TimeSpan.FromSeconds(1), total);
        Assert.Equal(expected, ProgressText.Status(progress, rate, _culture));
    }

    [Theory]
    [InlineData(0, 0.2, "up to 1 s left")]
    [InlineData(3.2, 4.1, "3-5 s left")]
    [InlineData(4, 4, "4 s left")]
    [InlineData(31, 44, "30-45 s left")]
    [InlineData(61, 119, "1-2 min left")]
    [InlineData(5, 240, "up to 4 min left")]
    [InlineData(45, 140, "up to 3 min left")]
    [InlineData(3600, 5400, "60-90 min left")]
    [InlineData(5400, 7000, "1.5-2 h left")]
    [InlineData(40000, 50000, "11-14 h left")]
    [InlineData(5 * 86400, 6.5 * 86400, "5-7 days left")]
    public void A_time_that_is_left_is_rounded_outwards(double low, double high, string expected) =>
        Assert.Equal(expected, ProgressText.Left(new TimeRange(TimeSpan.FromSeconds(low), TimeSpan.FromSeconds(high)), _culture));

    [Theory]
    [InlineData(12.9, "nothing finished for 12 s")]
    [InlineData(200, "nothing finished for 3 min")]
    [InlineData(6000, "nothing finished for 1.5 h")]
    public void A_stall_is_no_longer_than_it_is(double seconds, string expected) =>
        Assert.Equal(expected, ProgressText.Stalled(TimeSpan.FromSeconds(seconds), _culture));

    [Fact]
    public void Numbers_are_written_as_the_culture_does()
    {
        CultureInfo german = CultureInfo.GetCultureInfo("de-DE");
        Assert.Equal("1.200 of 9.000 done, 1,5/s", ProgressText.Status(new RunProgress(1200, 1200, 0, 0, 0, TimeSpan.Zero, 9000), 1.5, german));
        Assert.Equal("1,5-2 h left", ProgressText.Left(new TimeRange(TimeSpan.FromSeconds(5400), TimeSpan.FromHours(2)), german));
    }
}
