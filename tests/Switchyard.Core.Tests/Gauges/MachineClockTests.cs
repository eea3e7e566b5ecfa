namespace Switchyard.Core.Gauges;

public sealed class MachineClockTests
{
    [Fact]
    public void Idle_time_and_waiting_for_disks_are_not_busy()
    {
        Assert.True(MachineClock.TryParse("cpu  100 20 30 99999 8888 40 10 0 0 0\ncpu0 1 2 3\n", out TimeSpan busy));
        Assert.Equal(TimeSpan.FromSeconds(2), busy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 1 2 3")]
    [InlineData("cpu 1 2 x 4 5 6 7 8")]
    [InlineData("intr 1 2 3 4 5 6 7 8")]
    public void What_is_no_such_text_is_not_read(string text) => Assert.False(MachineClock.TryParse(text, out _));

    [Fact]
    public void Linux_tells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system.");
        Assert.True(MachineClock.TryReadBusy(out TimeSpan busy));
        Assert.True(busy > TimeSpan.Zero);
    }
}
