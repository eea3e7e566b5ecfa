using CsCheck;

namespace Switchyard.Core.Analysis;

public sealed class ScalabilityModelTests
{
    private static readonly int[] _widths = [2, 4, 8, 16, 64];

    [Fact]
    public void The_law_that_points_follow_is_found() =>
        Gen.Select(Gen.Double[1, 10_000], Gen.Double[0, 0.9], Gen.Double[0, 0.05]).Sample((rate, contention, crosstalk) =>
        {
            ScalabilityModel law = new(rate, contention, crosstalk);
            ScalabilityModel? found = ScalabilityModel.Fit(rate, [.. _widths.Select(width => (width, law.Throughput(width)))]);
            Assert.NotNull(found);
            Assert.InRange(found.Contention - contention, -1e-6, 1e-6);
            Assert.InRange(found.Crosstalk - crosstalk, -1e-6, 1e-6);
        });

    [Fact]
    public void The_peak_is_where_more_would_be_less()
    {
        ScalabilityModel law = new(100, 0.02, 0.0005);
        Assert.Equal(Math.Sqrt(0.98 / 0.0005), law.Peak, 9);
        Assert.True(law.Throughput(law.Peak) >= law.Throughput(law.Peak - 2));
        Assert.True(law.Throughput(law.Peak) >= law.Throughput(law.Peak + 2));
        Assert.Equal(double.PositiveInfinity, new ScalabilityModel(1, 0.1, 0).Peak);
    }

    [Fact]
    public void Neither_part_is_ever_negative() =>
        Gen.Select(Gen.Double[1, 1000], Gen.Double[1, 100_000].Array[1, 5]).Sample((rate, throughputs) =>
        {
            ScalabilityModel? found = ScalabilityModel.Fit(rate, [.. throughputs.Select((throughput, i) => (2 << i, throughput))]);
            Assert.NotNull(found);
            Assert.InRange(found.Contention, 0, 1);
            Assert.True(found.Crosstalk >= 0);
            Assert.True(double.IsFinite(found.Throughput(10)));
        });

    [Fact]
    public void Without_points_there_is_no_law() => Assert.Null(ScalabilityModel.Fit(10, [(1, 10.0)]));
}
