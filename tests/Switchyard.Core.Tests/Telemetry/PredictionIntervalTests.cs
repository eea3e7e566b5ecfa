using CsCheck;

namespace Switchyard.Core.Telemetry;

public sealed class PredictionIntervalTests
{
    [Fact]
    public void Observations_that_do_not_vary_leave_no_doubt() =>
        Assert.Equal((30, 30), PredictionInterval.OfSum([3, 3, 3], 10));

    [Fact]
    public void Two_observations_are_worked_out_by_hand()
    {
        // Mean 3, deviation sqrt(2), t 3.078, sqrt(4 / 2 + 2) = 2.
        (double low, double high) = PredictionInterval.OfSum([2, 4], 2);
        Assert.Equal(6 + (3.078 * Math.Sqrt(2) * 2), high, 9);
        Assert.Equal(0, low);
    }

    [Fact]
    public void Nothing_further_takes_no_time() => Assert.Equal((0, 0), PredictionInterval.OfSum([1, 2, 9], 0));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Four_of_five_sums_fall_inside(int samples)
    {
        Random random = new(samples);
        const int Rounds = 20_000;
        int inside = 0;
        Span<double> seen = stackalloc double[samples];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < samples; i++)
            {
                seen[i] = Normal(random);
            }

            double sum = 0;
            for (int i = 0; i < 5; i++)
            {
                sum += Normal(random);
            }

            (double low, double high) = PredictionInterval.OfSum(seen, 5);
            inside += sum >= low && sum <= high ? 1 : 0;
        }

        Assert.InRange((double)inside / Rounds, 0.78, 0.82);
    }

    [Fact]
    public void The_mean_lies_inside_and_nothing_is_negative() =>
        Gen.Select(Gen.Double[0, 1e6].Array[2, PredictionInterval.MaxSamples], Gen.Double[0, 1e6]).Sample((samples, further) =>
        {
            (double low, double high) = PredictionInterval.OfSum(samples, further);
            double expected = samples.Average() * further;
            Assert.InRange(low, 0, expected * (1 + 1e-9));
            Assert.True(high >= expected * (1 - 1e-9));
        });

    // Box and Muller; far from zero, where bounds are not cut off.
    private static double Normal(Random random) =>
        100 + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
