using CsCheck;

namespace Switchyard.Core.Analysis;

public sealed class SampleStatisticsTests
{
    [Fact]
    public void Figures_are_those_of_the_book()
    {
        SampleStatistics sample = SampleStatistics.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal((8, 5.0, 4.5), (sample.Count, sample.Mean, sample.Median));
        Assert.Equal(8.3, sample.P95, 6);

        // s = 2.138, t(7) = 2.36: 2.36 * 2.138 / sqrt(8) / 5
        Assert.Equal(0.357, sample.RelativeError, 3);
    }

    [Fact]
    public void What_is_slow_at_first_is_a_warm_up()
    {
        SampleStatistics sample = SampleStatistics.Of([100, 20, 1, 1.1, 0.9, 1, 1, 1.1]);
        Assert.Equal((2, 6), (sample.WarmUpCount, sample.Count));
        Assert.InRange(sample.Mean, 0.9, 1.1);
    }

    [Fact]
    public void Of_two_the_first_may_be_a_warm_up()
    {
        Assert.Equal((1, 1.0), (SampleStatistics.Of([1.6, 1]).WarmUpCount, SampleStatistics.Of([1.6, 1]).Mean));
        Assert.Equal(0, SampleStatistics.Of([1.4, 1]).WarmUpCount);
    }

    [Fact]
    public void The_usual_time_is_the_median_of_the_later_half() =>
        Assert.Equal(1, SampleStatistics.Of([1.6, 1, 9, 1, 9, 1]).WarmUpCount);

    [Fact]
    public void The_error_of_a_mean_is_Students_for_few_and_nearly_the_normal_one_for_more()
    {
        Assert.Equal(12.71 * 0.01 / 1.01, SampleStatistics.Of([1, 1.02]).RelativeError, 9);
        Assert.Equal(2.09 * Math.Sqrt(0.0001 / 19) / 1.01, Alternating(20), 9);
        Assert.Equal(1.96 * Math.Sqrt(0.0001 / 29) / 1.01, Alternating(30), 9);

        static double Alternating(int count) => SampleStatistics.Of([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1 : 1.02)]).RelativeError;
    }

    [Fact]
    public void What_is_slow_later_is_none() => Assert.Equal(0, SampleStatistics.Of([1, 1, 1, 1, 50, 1]).WarmUpCount);

    [Fact]
    public void Of_one_nothing_is_known_but_itself()
    {
        SampleStatistics sample = SampleStatistics.Of([3]);
        Assert.Equal((1, 3.0, 3.0, 3.0, 1.0), (sample.Count, sample.Mean, sample.Median, sample.P95, sample.RelativeError));
        Assert.Equal(0, SampleStatistics.Of([]).Count);
    }

    [Fact]
    public void Whatever_comes_figures_stay_within_it() =>
        Gen.Double[0.001, 1000].Array[1, 60].Sample(times =>
        {
            SampleStatistics sample = SampleStatistics.Of(times);
            Assert.Equal(times.Length, sample.Count + sample.WarmUpCount);
            Assert.True(sample.WarmUpCount <= Math.Max(1, times.Length / 2));
            Assert.InRange(sample.Mean, times.Min() * 0.999, times.Max() * 1.001);
            Assert.True(sample.Median <= sample.P95);
            Assert.InRange(sample.RelativeError, 0, 1);
        });
}
