namespace Switchyard.Core.Gauges;

public sealed class FileRoomGaugeTests
{
    private readonly FileRoomGauge _gauge = new();

    public FileRoomGaugeTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such limit.");

    [Fact]
    public void The_limit_is_that_of_the_kernel()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        string line = KernelText.ReadFile("/proc/self/limits")!.Split('\n').Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(KernelText.ParseNumber(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]), FileRoomGauge.ReadLimit());
    }

    [Fact]
    public void What_is_open_counts_where_the_limit_is_near()
    {
        Assert.SkipWhen(FileRoomGauge.ReadLimit() is null, "There is no limit.");
        int limit = (int)FileRoomGauge.ReadLimit()!.Value;
        int wanted = limit / 7;
        int room = _gauge.CountWorkers(files: 7, tasks: 3, wanted, out string reason);
        Assert.InRange(room, 1, wanted - 1);
        Assert.Contains($"{limit}", reason.Replace(",", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Far_from_it_all_are_had() => Assert.Equal(2, _gauge.CountWorkers(files: 7, tasks: 3, wanted: 2, out _));
}
