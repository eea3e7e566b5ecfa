namespace Switchyard.Core.Gauges;

public sealed class MachineClockTests
{
    [Fact]
    public void Idle_time_waiting_for_disks_and_what_the_host_took_are_not_busy() => Assert.Equal(
        new MachineTime(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.5)), MachineClock.Parse("cpu  100 20 30 99999 8888 40 10 50 7 7\ncpu0 1 2 3\n"));

    [Fact]
    public void An_old_kernel_does_not_tell_what_the_host_took() =>
        Assert.Equal(new MachineTime(TimeSpan.FromSeconds(2), TimeSpan.Zero), MachineClock.Parse("cpu  100 20 30 99999 8888 40 10\n"));

    [Theory]
    [InlineData(4, 2, 0.5)]
    [InlineData(4, 0, 0)]
    [InlineData(0, 2, 0)]
    [InlineData(4, -1, 0)]
    public void What_was_stolen_is_told_against_what_was_done(double busy, double stolen, double expected)
    {
        MachineTime earlier = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3));
        MachineTime later = new(earlier.Busy + TimeSpan.FromSeconds(busy), earlier.Stolen + TimeSpan.FromSeconds(stolen));
        Assert.Equal(expected, later.StolenSince(earlier));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 1 2 3")]
    [InlineData("cpu 1 2 x 4 5 6 7 8")]
    [InlineData("intr 1 2 3 4 5 6 7 8")]
    [InlineData("cpu 1 2 3 4 5 6 7 x")]
    public void What_is_no_such_text_is_not_read(string text) => Assert.Null(MachineClock.Parse(text));

    [Fact]
    public void Linux_tells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system.");
        Assert.True(MachineClock.Read()?.Busy > TimeSpan.Zero);
    }
}
