namespace Switchyard.Core.Gauges;

/// <summary>Linux: <c>MemAvailable</c> of <c>/proc/meminfo</c> (proc_meminfo(5)), or what a control group leaves where that is less.</summary>
/// <param name="read">Gives a file's text, or null if it cannot be read.</param>
/// <param name="fallback">Asked where <c>/proc/meminfo</c> tells nothing.</param>
internal sealed class LinuxMemoryGauge(Func<string, string?> read, IMemoryGauge fallback) : IMemoryGauge
{
    private readonly Func<string, string?> _read = read;
    private readonly IMemoryGauge _fallback = fallback;
    private readonly CgroupMemory _group = new CgroupMemory(read);

    public MemoryReading Read()
    {
        string? text = _read("/proc/meminfo");
        if (KernelText.FindNumber(text, "MemTotal") is not long total || FindAvailable(text) is not long available)
        {
            return _fallback.Read();
        }

        // A group without a limit says so with a very large one in version 1.
        return _group.Read() is MemoryReading group
            ? new MemoryReading(Math.Min(available, group.AvailableBytes), Math.Min(total, group.TotalBytes))
            : new MemoryReading(available, total);
    }

    // Before kernel 3.14, and in some sandboxes, there is no estimate: free and what caches hold comes near.
    private static long? FindAvailable(string? text) =>
        KernelText.FindNumber(text, "MemAvailable")
        ?? KernelText.FindNumber(text, "MemFree") + (KernelText.FindNumber(text, "Buffers") ?? 0) + (KernelText.FindNumber(text, "Cached") ?? 0);
}
