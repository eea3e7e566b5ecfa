using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>Unix without <c>/proc</c>: reads the limit of open files alone, by <c>getrlimit</c>, and what <c>/dev/fd</c> lists.</summary>
internal sealed partial class FileRoomGauge : IRoomGauge
{
    // RLIMIT_NOFILE.
    private const int OpenFilesLinux = 7;
    private const int OpenFilesMac = 8;

    public int CountWorkers(int files, int tasks, int wanted, out string reason)
    {
        int most = wanted;
        reason = string.Empty;
        if (ReadLimit() is { } limit && limit < RoomGauge.FarAway + ((long)wanted * files))
        {
            RoomGauge.Limit(limit - RoomGauge.ListNames("/dev/fd").Length - RoomGauge.SpareFiles, files, limit, Messages.OpenFilesLimit, ref most, ref reason);
        }

        return most;
    }

    /// <returns>How many files this process may have open; null if there is no limit that could be in the way.</returns>
    internal static long? ReadLimit()
    {
        bool isRead = GetLimit(OperatingSystem.IsLinux() ? OpenFilesLinux : OpenFilesMac, out LimitPair limit) == 0;
        return isRead && limit.Current < int.MaxValue ? (long)limit.Current : null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out LimitPair limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct LimitPair
    {
        public nuint Current;
        public nuint Max;
    }
}
