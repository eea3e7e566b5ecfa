namespace Switchyard.Core.Gauges;

public sealed class RoomGaugeTests
{
    private readonly Dictionary<string, string> _files = new()
    {
        ["/proc/self/status"] = "Name:\tpwsh\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\nThreads:\t20\n",
        ["/proc/1/status"] = "Name:\tinit\nUid:\t0\t0\t0\t0\nThreads:\t500\n",
        ["/proc/20/status"] = "Name:\tpwsh\nUid:\t1000\t1000\t1000\t1000\nThreads:\t20\n",
        ["/proc/30/status"] = "Name:\tsh\nUid:\t1000\t1000\t1000\t1000\nThreads:\t1\n",
        ["/proc/self/cgroup"] = "0::/\n",
    };

    public RoomGaugeTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");

    [Fact]
    public void Where_no_limit_is_near_all_are_had() => AssertRoom(60, files: "1048576", processes: "unlimited");

    [Fact]
    public void Open_files_limit_them() => AssertRoom((256 - 100 - 40) / 7, files: "256", processes: "unlimited", reason: "256");

    [Fact]
    public void What_all_the_user_s_processes_have_counts() => AssertRoom((80 - 21 - 12) / 3, files: "1024", processes: "80", reason: "80");

    [Fact]
    public void The_tightest_limit_counts() => AssertRoom((80 - 21 - 12) / 3, files: "300", processes: "80", reason: "80");

    [Fact]
    public void There_is_always_room_for_one() => AssertRoom(1, files: "90", processes: "20");

    [Theory]
    [InlineData("Uid:\t0\t0\t0\t0\nCapEff:\t0000000000000000\n")]
    [InlineData("Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000001000000\n")]
    public void Who_is_beyond_the_limit_of_processes_is_not_held_to_it(string status)
    {
        _files["/proc/self/status"] = status;
        AssertRoom(60, files: "1048576", processes: "80");
    }

    [Fact]
    public void The_control_group_s_limit_counts_and_those_above_it()
    {
        _files["/proc/self/cgroup"] = "0::/box/job\n";
        _files["/sys/fs/cgroup/box/job/pids.max"] = "max\n";
        _files["/sys/fs/cgroup/box/job/pids.current"] = "30\n";
        _files["/sys/fs/cgroup/box/pids.max"] = "100\n";
        _files["/sys/fs/cgroup/box/pids.current"] = "40\n";
        AssertRoom((100 - 40 - 12) / 3, files: "1048576", processes: "unlimited", reason: "100");
    }

    [Fact]
    public void Where_nothing_is_known_all_are_had() =>
        Assert.Equal(60, new RoomGauge(_ => null, _ => []).CountWorkers(7, 3, 60, out _));

    private void AssertRoom(int expected, string files, string processes, string reason = "")
    {
        _files["/proc/self/limits"] =
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            + $"Max processes             {processes,-20} {processes,-20} processes \n"
            + $"Max open files            {files,-20} {files,-20} files     \n";
        RoomGauge gauge = new(
            path => _files.GetValueOrDefault(path),
            folder => folder == "/proc" ? ["1", "20", "30", "self", "meminfo"] : Enumerable.Range(0, 100).Select(number => $"{number}"));
        Assert.Equal(expected, gauge.CountWorkers(files: 7, tasks: 3, wanted: 60, out string why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }
}
