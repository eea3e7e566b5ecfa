using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>
/// macOS: <c>hw.memsize</c> and <c>kern.memorystatus_level</c>, the percentage that the <c>memory_pressure</c> tool prints as free.
/// </summary>
internal sealed partial class MacMemoryGauge(IMemoryGauge fallback) : IMemoryGauge
{
    public MemoryReading Read()
    {
        try
        {
            // A 32-bit figure fills the low half: all Macs are little-endian.
            if (TryRead("hw.memsize", sizeof(long), out long total)
                && TryRead("kern.memorystatus_level", sizeof(int), out long percent)
                && percent is >= 0 and <= 100)
            {
                return new MemoryReading(total / 100 * percent, total);
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
        }

        return fallback.Read();
    }

    private static bool TryRead(string name, nuint size, out long value)
    {
        value = 0;
        nuint length = size;
        return ReadControl(name, ref value, ref length, 0, 0) == 0 && length == size;
    }

    [LibraryImport("libc", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadControl(string name, ref long value, ref nuint length, nint newValue, nuint newLength);
}
