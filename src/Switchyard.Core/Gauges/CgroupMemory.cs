namespace Switchyard.Core.Gauges;

/// <summary>
/// The limits that control groups set on this process's memory, both versions: a container's, a service's, a batch system's. One
/// applies with all above it, so each level is read.
/// </summary>
/// <remarks>Formats: cgroups(7), proc_pid_mountinfo(5), and the kernel's documentation of cgroup-v1/memory and cgroup-v2.</remarks>
internal sealed class CgroupMemory
{
    private readonly Func<string, string?> _read;
    private readonly List<CgroupLevel> _levels = [];

    /// <summary>Finds the levels that apply to this process.</summary>
    /// <param name="read">Gives a file's text, or null if it cannot be read.</param>
    public CgroupMemory(Func<string, string?> read)
    {
        _read = read;
        string[] groups = Lines(read("/proc/self/cgroup"));
        foreach (string mount in Lines(read("/proc/self/mountinfo")))
        {
            AddLevels(mount, groups);
        }
    }

    /// <summary>Reads the level with the least memory left.</summary>
    /// <returns>What it leaves, or null if no limit is set.</returns>
    public MemoryReading? Read()
    {
        MemoryReading? tightest = null;
        foreach (CgroupLevel level in _levels)
        {
            if (level.Read(_read) is MemoryReading reading)
            {
                tightest = tightest is MemoryReading other
                    ? new MemoryReading(Math.Min(reading.AvailableBytes, other.AvailableBytes), Math.Min(reading.TotalBytes, other.TotalBytes))
                    : reading;
            }
        }

        return tightest;
    }

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    // "0::/user.slice" in version 2; "4:cpu,memory:/docker/1f" in version 1.
    private static string? FindPath(string[] groups, bool isVersion2)
    {
        foreach (string group in groups)
        {
            string[] fields = group.Split(':', 3);
            if (fields.Length == 3 && (isVersion2 ? fields is ["0", "", _] : fields[1].Split(',').Contains("memory")))
            {
                return fields[2];
            }
        }

        return null;
    }

    // "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory": root and mount point, then kind and options.
    private void AddLevels(string mount, string[] groups)
    {
        string[] halves = mount.Split(" - ", 2);
        string[] place = halves[0].Split(' ');
        string[] kind = halves[^1].Split(' ');
        if (halves.Length < 2 || place.Length < 5 || kind.Length < 3)
        {
            return;
        }

        bool isVersion2 = kind[0] == "cgroup2";
        if (!isVersion2 && !(kind[0] == "cgroup" && kind[2].Split(',').Contains("memory")))
        {
            return;
        }

        if (FindPath(groups, isVersion2) is not string path)
        {
            return;
        }

        // In a container the mount often shows only the own group, which the path names from the machine's point of view.
        string root = place[3].TrimEnd('/');
        bool isInside = root.Length == 0 || path == root || path.StartsWith(root + "/", StringComparison.Ordinal);
        string below = isInside ? path[root.Length..].TrimEnd('/') : string.Empty;
        while (true)
        {
            CgroupLevel level = new(place[4] + below, isVersion2);
            if (_read(level.LimitFile) is not null)
            {
                _levels.Add(level);
            }

            if (below.Length == 0)
            {
                return;
            }

            below = below[..Math.Max(0, below.LastIndexOf('/'))];
        }
    }
}
