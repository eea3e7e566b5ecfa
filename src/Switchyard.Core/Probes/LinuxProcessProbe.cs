using Switchyard.Core.Gauges;

namespace Switchyard.Core.Probes;

/// <summary>Linux: <c>/proc/PID</c>, thread by thread, and that of its children.</summary>
/// <remarks>Formats: proc_pid_stat(5), proc_pid_io(5), proc_pid_status(5), proc_pid_task(5).</remarks>
internal sealed class LinuxProcessProbe(int id) : IProcessProbe
{
    // Fields of stat after the name, counted from the state.
    private const int Parent = 1;
    private const int UserTicks = 11;
    private const int SystemTicks = 12;
    private const int ChildUserTicks = 13;
    private const int ChildSystemTicks = 14;

    private readonly string _folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");

    public ProcessReading? Read()
    {
        string[] own = KernelText.ParseStat(KernelText.ReadFile(_folder + "/stat"));
        if (own.Length <= ChildSystemTicks || own[0] is "Z" or "X")
        {
            return null;
        }

        // If its input and output may not be read, it is another user's.
        string? io = File.Exists(_folder + "/io") ? ReadIo() : null;
        int running = 0;
        int disk = 0;
        int count = 0;
        TimeSpan cpu = TimeSpan.Zero;
        TimeSpan queue = TimeSpan.Zero;
        foreach (string thread in Threads())
        {
            string[] fields = KernelText.ParseStat(KernelText.ReadFile(thread + "/stat"));
            if (fields.Length <= SystemTicks)
            {
                continue;
            }

            count++;
            running += fields[0] == "R" ? 1 : 0;
            disk += fields[0] == "D" ? 1 : 0;
            (TimeSpan OnCore, TimeSpan Waiting)? scheduling = KernelText.ParseScheduling(KernelText.ReadFile(thread + "/schedstat"));
            cpu += scheduling?.OnCore ?? Ticks(fields, UserTicks, SystemTicks);
            queue += scheduling?.Waiting ?? TimeSpan.Zero;
        }

        return new ProcessReading
        {
            Timestamp = Stopwatch.GetTimestamp(),
            Cpu = cpu,
            RunQueue = queue,
            ChildCpu = Ticks(own, ChildUserTicks, ChildSystemTicks) + DescendantCpu(),
            ThreadCount = count,
            RunningCount = running,
            DiskCount = disk,
            WorkingSet = KernelText.FindNumber(KernelText.ReadFile(_folder + "/status"), "VmRSS") ?? 0,
            ReadBytes = KernelText.FindNumber(io, "read_bytes"),
            WrittenBytes = KernelText.FindNumber(io, "write_bytes"),
        };
    }

    private static TimeSpan Ticks(string[] fields, int first, int second) =>
        TimeSpan.FromSeconds(((KernelText.ParseNumber(fields[first]) ?? 0) + (KernelText.ParseNumber(fields[second]) ?? 0)) / (double)KernelText.TicksPerSecond);

    private string ReadIo()
    {
        try
        {
            return File.ReadAllText(_folder + "/io");
        }
        catch (IOException)
        {
            // It has ended at this moment.
            return string.Empty;
        }
    }

    private string[] Threads()
    {
        try
        {
            return Directory.GetDirectories(_folder + "/task");
        }
        catch (IOException)
        {
            // It has ended at this moment.
            return [];
        }
    }

    private TimeSpan DescendantCpu()
    {
        // Who is whose child only each process itself says.
        List<(int Id, int Parent, string[] Fields)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int other)
                && KernelText.ParseStat(KernelText.ReadFile(folder + "/stat")) is { Length: > ChildSystemTicks } fields
                && int.TryParse(fields[Parent], NumberStyles.None, CultureInfo.InvariantCulture, out int parent))
            {
                all.Add((other, parent, fields));
            }
        }

        TimeSpan sum = TimeSpan.Zero;
        HashSet<int> family = [id];
        for (bool isNew = true; isNew;)
        {
            isNew = false;
            foreach ((int other, int parent, string[] fields) in all)
            {
                if (family.Contains(parent) && family.Add(other))
                {
                    sum += Ticks(fields, UserTicks, SystemTicks) + Ticks(fields, ChildUserTicks, ChildSystemTicks);
                    isNew = true;
                }
            }
        }

        return sum;
    }
}
