namespace Switchyard.Core.Gauges;

/// <summary>Reads the limits from what the Linux kernel writes (proc_pid_limits(5), cgroups(7)). On Windows nothing is known of them.</summary>
/// <param name="read">Gives a file's text, or null if it cannot be read.</param>
/// <param name="listNames">Gives the names in a folder, none if it cannot be read.</param>
internal sealed class RoomGauge(Func<string, string?> read, Func<string, IEnumerable<string>> listNames) : IRoomGauge
{
    // For the caller's own code and the runtime, which keeps a file open for each assembly that it loads. Without one, or without a thread at
    // the right moment, it ends the process.
    public const int SpareFiles = 40;
    private const int SpareTasks = 12;

    // Counting what is in use takes a while where there is much of it. Far from the limit it makes no difference.
    public const int FarAway = 4096;

    // CAP_SYS_ADMIN and CAP_SYS_RESOURCE: who has one may have any number of processes.
    private const long BeyondLimits = (1L << 21) | (1L << 24);

    public static IRoomGauge ForThisSystem() => OperatingSystem.IsMacOS() ? new FileRoomGauge() : new RoomGauge(KernelText.ReadFile, ListNames);

    public int CountWorkers(int files, int tasks, int wanted, out string reason)
    {
        reason = string.Empty;
        if (!OperatingSystem.IsLinux() || read("/proc/self/limits") is not { } limits)
        {
            return wanted;
        }

        int most = wanted;
        if (FindLimit(limits, "Max open files") is { } maxFiles && maxFiles < FarAway + ((long)wanted * files))
        {
            Limit(maxFiles - listNames("/proc/self/fd").Count() - SpareFiles, files, maxFiles, Messages.OpenFilesLimit, ref most, ref reason);
        }

        string? status = read("/proc/self/status");
        if (FindLimit(limits, "Max processes") is { } maxTasks && maxTasks < FarAway + ((long)wanted * tasks) && !IsBeyondLimits(status))
        {
            Limit(maxTasks - CountTasksOf(UserOf(status)) - SpareTasks, tasks, maxTasks, Messages.ProcessesLimit, ref most, ref reason);
        }

        foreach (string folder in FindGroups(read("/proc/self/cgroup")))
        {
            if (KernelText.ParseNumber(read(folder + "/pids.max")) is { } max && KernelText.ParseNumber(read(folder + "/pids.current")) is { } current)
            {
                Limit(max - current - SpareTasks, tasks, max, Messages.GroupProcessesLimit, ref most, ref reason);
            }
        }

        return most;
    }

    public static void Limit(long left, int each, long limit, string why, ref int most, ref string reason)
    {
        long room = each == 0 ? most : Math.Max(1, left / each);
        if (room < most)
        {
            most = (int)room;
            reason = MessageText.Format(why, limit, most);
        }
    }

    public static string[] ListNames(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // "Max open files            1024                 4096                 files": soft, then hard.
    private static long? FindLimit(string limits, string name)
    {
        foreach (string line in limits.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return KernelText.ParseNumber(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault());
            }
        }

        return null;
    }

    // "Uid:    1000    1000    1000    1000": real first, which is the one that counts.
    private static string? UserOf(string? status) =>
        status?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal))?.Split('\t').ElementAtOrDefault(1);

    private static bool IsBeyondLimits(string? status) =>
        UserOf(status) == "0"
        || (status?.Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line
            && long.TryParse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long capabilities)
            && (capabilities & BeyondLimits) != 0);

    // "0::/user.slice" in version 2; "4:pids:/docker/1f" in version 1. In a container the path may be the machine's, which is not there.
    private static IEnumerable<string> FindGroups(string? groups)
    {
        foreach (string group in groups?.Split('\n') ?? [])
        {
            string[] fields = group.Split(':', 3);
            if (fields.Length == 3 && (fields is ["0", "", _] || fields[1] == "pids"))
            {
                string root = fields[1] == "pids" ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
                for (string path = fields[2].TrimEnd('/'); path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('/'))])
                {
                    yield return root + path;
                }

                yield return root;
            }
        }
    }

    private long CountTasksOf(string? user)
    {
        long count = 0;
        foreach (string name in listNames("/proc"))
        {
            if (char.IsAsciiDigit(name[0]) && read($"/proc/{name}/status") is { } status && UserOf(status) == user)
            {
                count += KernelText.FindNumber(status, "Threads") ?? 1;
            }
        }

        return count;
    }
}
