using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>Threads as the system knows them.</summary>
internal static partial class SystemThread
{
    /// <summary>The system's number of the calling thread; 0 where that is not known.</summary>
    public static long OwnId
    {
        get
        {
            try
            {
                return OperatingSystem.IsLinux() ? GetThreadId() : OperatingSystem.IsWindows() ? GetCurrentThreadId() : 0;
            }
            catch (EntryPointNotFoundException)
            {
                // An older C library.
                return 0;
            }
        }
    }

    /// <summary>How long a thread of this process has had a core so far.</summary>
    /// <returns>Null where that is not known, or it has ended.</returns>
    public static TimeSpan? ReadCpu(long id)
    {
        try
        {
            if (id != 0 && OperatingSystem.IsLinux())
            {
                byte[] text = File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{id}/schedstat"));
                return KernelText.ParseScheduling(text)?.OnCore;
            }

            using Process process = Process.GetCurrentProcess();
            return id == 0 ? null : process.Threads.Cast<ProcessThread>().FirstOrDefault(thread => thread.Id == id)?.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("kernel32")]
    private static partial uint GetCurrentThreadId();
}
