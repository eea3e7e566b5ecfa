namespace Switchyard.Core.Gauges;

public sealed class MemoryGaugeTests
{
    [Fact]
    public void This_system_has_memory_and_some_of_it_is_available() => AssertPlausible(MemoryGauge.ForThisSystem().Read());

    [Fact]
    public void Linux_asks_the_kernel()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system.");
        Assert.NotNull(KernelText.ReadFile("/proc/meminfo"));
        Assert.Null(KernelText.ReadFile("/proc/no/such/file"));
        AssertPlausible(new LinuxMemoryGauge(KernelText.ReadFile, new Harness.FakeMemory(0)).Read());
    }

    [Fact]
    public void Where_a_system_s_call_is_missing_the_fallback_is_asked()
    {
        Harness.FakeMemory fallback = new(7);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(7, new WindowsMemoryGauge(fallback).Read().AvailableBytes);
        }

        if (!OperatingSystem.IsMacOS())
        {
            Assert.Equal(7, new MacMemoryGauge(fallback).Read().AvailableBytes);
        }
    }

    internal static void AssertPlausible(MemoryReading reading)
    {
        Assert.InRange(reading.TotalBytes, 1L << 25, 1L << 50);
        Assert.InRange(reading.AvailableBytes, 1L << 20, reading.TotalBytes);
    }
}
