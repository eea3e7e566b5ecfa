namespace Switchyard.Core.Gauges;

internal sealed class CgroupLevel(string directory, bool isVersion2)
{
    /// <summary>The file with the limit. The topmost group has none in version 2.</summary>
    public string LimitFile { get; } = $"{directory}/{(isVersion2 ? "memory.max" : "memory.limit_in_bytes")}";

    /// <param name="read">Gives a file's text, or null if it cannot be read.</param>
    /// <returns>What is left of the limit, or null if none is set.</returns>
    public MemoryReading? Read(Func<string, string?> read)
    {
        string usageFile = $"{directory}/{(isVersion2 ? "memory.current" : "memory.usage_in_bytes")}";
        if (KernelText.ParseNumber(read(LimitFile)) is not long limit || KernelText.ParseNumber(read(usageFile)) is not long usage)
        {
            return null;
        }

        // Files that were read count as usage until others need the room: a group that reads much is always near its limit.
        string? statistics = read($"{directory}/memory.stat");
        string prefix = isVersion2 ? string.Empty : "total_";
        long cached = (KernelText.FindNumber(statistics, prefix + "inactive_file") ?? 0)
            + (KernelText.FindNumber(statistics, prefix + "active_file") ?? 0);
        long used = Math.Max(0, usage - cached);
        return new MemoryReading(Math.Max(0, limit - used), limit);
    }
}
