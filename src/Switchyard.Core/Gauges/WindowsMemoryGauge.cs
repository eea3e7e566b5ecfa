using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

internal sealed partial class WindowsMemoryGauge(IMemoryGauge fallback) : IMemoryGauge
{
    public MemoryReading Read()
    {
        try
        {
            MemoryStatus status = new() { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
            if (GlobalMemoryStatusEx(ref status) != 0)
            {
                return new MemoryReading((long)status.AvailablePhysical, (long)status.TotalPhysical);
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
        }

        return fallback.Read();
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GlobalMemoryStatusEx")]
    private static partial int GlobalMemoryStatusEx(ref MemoryStatus status);

    // MEMORYSTATUSEX.
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint LoadPercent;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
