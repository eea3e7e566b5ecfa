using CsCheck;

namespace Switchyard.Core.Policies;

public sealed class RetryPolicyTests
{
    private const double AlmostOne = 1 - 1e-16;

    private static readonly Gen<TimeSpan> _baseDelays =
        Gen.OneOf(Gen.Double[0, 1], Gen.Double[0, 100], Gen.Double[0, 2_000_000]).Select(TimeSpan.FromSeconds);

    private static readonly Gen<int> _attempts = Gen.OneOf(Gen.Int[1, 70], Gen.Int[1, int.MaxValue], Gen.Const(int.MaxValue));

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, false)]
    [InlineData(3, 3, true)]
    [InlineData(3, 4, false)]
    [InlineData(int.MaxValue, int.MaxValue, true)]
    public void An_item_is_tried_once_and_then_as_often_as_there_are_retries(int retryCount, int attemptsMade, bool expected) =>
        Assert.Equal(expected, new RetryPolicy(retryCount, TimeSpan.Zero).AllowsAnother(attemptsMade));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(1_000_000, 60)]
    public void The_longest_delay_doubles_up_to_a_minute(int failedAttempts, double seconds) =>
        Assert.Equal(seconds, new RetryPolicy(9, TimeSpan.FromSeconds(2)).NextDelay(failedAttempts, () => AlmostOne).TotalSeconds, 3);

    [Fact]
    public void A_base_above_a_minute_is_its_own_cap()
    {
        RetryPolicy policy = new(9, TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.FromSeconds(90), policy.Cap);
        Assert.Equal(45, policy.NextDelay(1, () => 0.5).TotalSeconds);
        Assert.Equal(45, policy.NextDelay(9, () => 0.5).TotalSeconds);
    }

    [Fact]
    public void The_jitter_is_full_from_zero_and_uniform() =>
        Gen.Select(_baseDelays, _attempts, Gen.Double[0, 1]).Sample((baseDelay, failedAttempts, share) =>
        {
            RetryPolicy policy = new(1, baseDelay);
            Assert.Equal(TimeSpan.Zero, policy.NextDelay(failedAttempts, () => 0));
            double longest = policy.NextDelay(failedAttempts, () => AlmostOne).TotalSeconds;
            Assert.Equal(longest * share, policy.NextDelay(failedAttempts, () => share).TotalSeconds, 1e-6 + (longest * 1e-12));
        });

    [Fact]
    public void No_delay_is_negative_longer_than_the_cap_or_shorter_than_the_one_before() =>
        Gen.Select(_baseDelays, _attempts, Gen.Double[0, AlmostOne]).Sample((baseDelay, failedAttempts, share) =>
        {
            RetryPolicy policy = new(1, baseDelay);
            TimeSpan delay = policy.NextDelay(failedAttempts, () => share);
            Assert.InRange(delay, TimeSpan.Zero, policy.Cap);
            Assert.True(delay >= policy.NextDelay(Math.Max(1, failedAttempts - 1), () => share));
        });

    [Fact]
    public void One_delay_takes_one_number_from_the_source()
    {
        int taken = 0;
        new RetryPolicy(1, TimeSpan.FromSeconds(1)).NextDelay(1, () => ++taken * 0.1);
        Assert.Equal(1, taken);
    }

    [Fact]
    public void Figures_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(-1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(1, TimeSpan.Zero).NextDelay(0, () => 0));
    }
}
