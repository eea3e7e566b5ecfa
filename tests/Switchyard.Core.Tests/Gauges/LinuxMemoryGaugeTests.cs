using Switchyard.Core.Harness;

namespace Switchyard.Core.Gauges;

public sealed class LinuxMemoryGaugeTests
{
    private const long Mega = 1024 * 1024;

    private readonly Dictionary<string, string> _files = new()
    {
        ["/proc/meminfo"] = "MemTotal: 8388608 kB\nMemFree: 100 kB\nMemAvailable: 4194304 kB\n",
    };

    [Fact]
    public void Without_groups_it_is_what_the_machine_has() => AssertReading(4096, 8192);

    [Fact]
    public void Kernels_without_an_estimate_tell_free_and_cached()
    {
        _files["/proc/meminfo"] = "MemTotal: 8192 kB\nMemFree: 1024 kB\nBuffers: 1024 kB\nCached: 2048 kB\nSwapCached: 4096 kB\n";
        AssertReading(4, 8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: 8192 kB\n")]
    [InlineData("MemAvailable: 8192 kB\n")]
    public void Where_the_kernel_tells_nothing_the_fallback_does(string text)
    {
        _files["/proc/meminfo"] = text;
        Assert.Equal(new MemoryReading(7, long.MaxValue), Create().Read());
    }

    [Fact]
    public void The_own_group_s_limit_counts_where_it_is_lower_and_caches_are_not_used_up()
    {
        AddVersion2("0::/box.slice/job\n");
        AddGroup2("/box.slice/job", limit: 512, usage: 500, cached: 300);
        AssertReading(312, 512);
    }

    [Fact]
    public void The_least_of_all_levels_counts_and_the_machine_among_them()
    {
        AddVersion2("0::/a/b/c\n");
        AddGroup2("/a/b/c", limit: null, usage: 10, cached: 0);
        AddGroup2("/a/b", limit: 2048, usage: 10, cached: 0);
        AddGroup2("/a", limit: 3000, usage: 2900, cached: 0);
        AssertReading(100, 2048);

        AddGroup2("/a", limit: 100_000, usage: 0, cached: 0);
        AddGroup2("/a/b", limit: 100_000, usage: 0, cached: 0);
        AssertReading(4096, 8192);
    }

    [Fact]
    public void A_limit_that_is_set_or_moved_later_is_seen()
    {
        AddVersion2("0::/a\n");
        AddGroup2("/a", limit: null, usage: 1, cached: 0);
        LinuxMemoryGauge gauge = Create();
        Assert.Equal(4096 * Mega, gauge.Read().AvailableBytes);
        AddGroup2("/a", limit: 3, usage: 1, cached: 0);
        Assert.Equal(2 * Mega, gauge.Read().AvailableBytes);
    }

    [Fact]
    public void A_container_sees_its_own_group_as_the_root()
    {
        AddVersion2("0::/\n");
        AddGroup2("", limit: 256, usage: 56, cached: 0);
        AssertReading(200, 256);
    }

    [Fact]
    public void More_used_than_allowed_leaves_nothing()
    {
        AddVersion2("0::/\n");
        AddGroup2("", limit: 256, usage: 300, cached: 0);
        AssertReading(0, 256);
    }

    [Theory]
    [InlineData("/", "/docker/1f", "/sys/fs/cgroup/memory/docker/1f")]
    [InlineData("/docker/1f", "/docker/1f", "/sys/fs/cgroup/memory")]
    [InlineData("/docker/1f", "/docker/1f/inner", "/sys/fs/cgroup/memory/inner")]
    [InlineData("/docker/1", "/docker/1f", "/sys/fs/cgroup/memory")]
    [InlineData("/elsewhere", "/docker/1f", "/sys/fs/cgroup/memory")]
    public void Version_1_is_read_too_wherever_it_is_mounted(string root, string path, string folder)
    {
        _files["/proc/self/cgroup"] = $"5:devices:/x\n4:cpu,memory:{path}\n1:cpuset:/y\n0::/\n";
        _files["/proc/self/mountinfo"] =
            $"30 1 0:27 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n"
            + $"35 31 0:32 {root} /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,cpu,memory\n"
            + "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
        _files[folder + "/memory.limit_in_bytes"] = $"{1024 * Mega}\n";
        _files[folder + "/memory.usage_in_bytes"] = $"{900 * Mega}\n";
        _files[folder + "/memory.stat"] =
            $"inactive_file 1\nactive_file 1\ntotal_inactive_file {100 * Mega}\ntotal_active_file {50 * Mega}\n";

        // A group whose name only begins alike.
        _files[folder + "f/memory.limit_in_bytes"] = "1\n";
        _files[folder + "f/memory.usage_in_bytes"] = "1\n";
        AssertReading(274, 1024);
    }

    [Fact]
    public void No_limit_in_version_1_is_a_very_high_one()
    {
        _files["/proc/self/cgroup"] = "4:memory:/\n";
        _files["/proc/self/mountinfo"] = "35 31 0:32 / /m rw - cgroup cgroup rw,memory\n";
        _files["/m/memory.limit_in_bytes"] = "9223372036854771712\n";
        _files["/m/memory.usage_in_bytes"] = "0\n";
        AssertReading(4096, 8192);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0::\n", "x\n - \n1 2 - 3\n")]
    [InlineData("nonsense\n0:\n", "35 31 0:32 / /m rw - cgroup2 cgroup2 rw\n")]
    [InlineData("0::/../up\n", "35 31 0:32 / /m rw - cgroup2 cgroup2 rw\n")]
    public void Text_of_another_shape_sets_no_limit(string groups, string mounts)
    {
        _files["/proc/self/cgroup"] = groups;
        _files["/proc/self/mountinfo"] = mounts;
        AssertReading(4096, 8192);
    }

    private void AddVersion2(string groups)
    {
        _files["/proc/self/cgroup"] = groups;
        _files["/proc/self/mountinfo"] = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";
    }

    private void AddGroup2(string path, long? limit, long usage, long cached)
    {
        string folder = "/sys/fs/cgroup" + path;
        _files[folder + "/memory.max"] = limit is long megabytes ? $"{megabytes * Mega}\n" : "max\n";
        _files[folder + "/memory.current"] = $"{usage * Mega}\n";
        _files[folder + "/memory.stat"] = $"anon 5\ninactive_file {cached * Mega / 3 * 2}\nactive_file {cached * Mega / 3}\n";
    }

    private LinuxMemoryGauge Create() => new(_files.GetValueOrDefault, new FakeMemory(7));

    private void AssertReading(long availableMega, long totalMega) =>
        Assert.Equal(new MemoryReading(availableMega * Mega, totalMega * Mega), Create().Read());
}
