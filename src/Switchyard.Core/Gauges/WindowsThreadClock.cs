using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>
/// Windows: <c>QueryThreadCycleTime</c>, as <c>GetThreadTimes</c> moves in steps of the scheduler's, 10 to 16 ms, and most items are shorter. Where cycles
/// are not counted, as under Wine, the latter has to do.
/// </summary>
internal static partial class WindowsThreadClock
{
    // What GetCurrentThread returns: a constant that every call takes to be the calling thread.
    private const nint CurrentThread = -2;

    private static readonly CycleRate _rate = new(ReadCycles, Stopwatch.GetTimestamp, Stopwatch.Frequency);
    private static readonly bool _countsCycles = OperatingSystem.IsWindows() && ReadCycles() > 0;

    [ThreadStatic]
    private static CycleTime? _time;

    public static bool TryRead(out TimeSpan cpuTime)
    {
        if (_countsCycles)
        {
            // The rate first: what it takes to measure it is then counted with it.
            double perTick = _rate.PerTick;
            cpuTime = (_time ??= new CycleTime()).Advance(ReadCycles(), perTick);
            return true;
        }

        // FILETIME is two 32-bit halves, low first, of a count of 100 ns: a tick of TimeSpan's.
        if (GetThreadTimes(CurrentThread, out _, out _, out long kernel, out long user) == 0)
        {
            cpuTime = TimeSpan.Zero;
            return false;
        }

        cpuTime = new TimeSpan(kernel + user);
        return true;
    }

    private static ulong ReadCycles() => QueryThreadCycleTime(CurrentThread, out ulong cycles) != 0 ? cycles : 0;

    [SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetThreadTimes")]
    private static partial int GetThreadTimes(nint thread, out long creation, out long exit, out long kernel, out long user);

    [SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "QueryThreadCycleTime")]
    private static partial int QueryThreadCycleTime(nint thread, out ulong cycles);
}
