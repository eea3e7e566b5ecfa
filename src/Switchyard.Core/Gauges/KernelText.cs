namespace Switchyard.Core.Gauges;

/// <summary>Reads what the Linux kernel writes as text: <c>MemAvailable:  24278072 kB</c>, <c>inactive_file 4096</c>, <c>max</c>.</summary>
internal static class KernelText
{
    /// <summary>What <c>/proc</c> counts processor time in, on every system that Linux runs on: <c>sysconf(_SC_CLK_TCK)</c>.</summary>
    public const long TicksPerSecond = 100;

    /// <summary>Reads a file of the kernel's; null if it cannot be read.</summary>
    public static string? ReadFile(string path)
    {
        try
        {
            // Asking first is cheap against an exception.
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Finds the number on the line that begins with a key.</summary>
    /// <returns>The number, in bytes where the unit is kB (of 1,024 bytes there); null if there is none or it does not fit.</returns>
    public static long? FindNumber(string? text, string key)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line.StartsWith(key, StringComparison.Ordinal) && line[key.Length] is ':' or ' ' or '\t')
            {
                ReadOnlySpan<char> value = line[(key.Length + 1)..].Trim();
                bool isKilo = value.EndsWith(" kB", StringComparison.Ordinal);
                long? number = ParseNumber(isKilo ? value[..^3] : value);
                return !isKilo ? number : number <= long.MaxValue / 1024 ? number * 1024 : null;
            }
        }

        return null;
    }

    /// <summary>Takes a process's or thread's <c>stat</c> apart (proc_pid_stat(5)).</summary>
    public static string[] ParseStat(string? text)
    {
        int end = text?.LastIndexOf(')') ?? -1;
        return end >= 0 ? text![(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Reads a thread's <c>schedstat</c> (the kernel's documentation of sched-stats).</summary>
    /// <returns>The times; null if it is not such a text.</returns>
    public static (TimeSpan OnCore, TimeSpan Waiting)? ParseScheduling(ReadOnlySpan<byte> text)
    {
        int first = text.IndexOf((byte)' ');
        int second = first > 0 ? text[(first + 1)..].IndexOf((byte)' ') : -1;
        return second > 0
            && long.TryParse(text[..first], NumberStyles.None, CultureInfo.InvariantCulture, out long onCore)
            && long.TryParse(text.Slice(first + 1, second), NumberStyles.None, CultureInfo.InvariantCulture, out long waiting)
                ? (TimeSpan.FromTicks(onCore / TimeSpan.NanosecondsPerTick), TimeSpan.FromTicks(waiting / TimeSpan.NanosecondsPerTick))
                : null;
    }

    public static (TimeSpan OnCore, TimeSpan Waiting)? ParseScheduling(string? text) => ParseScheduling(Encoding.ASCII.GetBytes(text ?? string.Empty));

    /// <summary>Reads a file that holds one number.</summary>
    /// <returns>The number; null for <c>max</c>, nothing, or what does not fit.</returns>
    public static long? ParseNumber(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
