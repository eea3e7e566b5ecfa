using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Gauges.RunQueue;

/// <summary>
/// How long the thread that made it has had a core, and how long it was ready to run while others had them: on a busy machine that looks like waiting, and is none of
/// its own. Linux only, from <c>schedstat</c>; elsewhere it is always zero.
/// </summary>
internal sealed class ThreadSchedule : IDisposable
{
    // Opened by its own thread it stays that thread's, whoever reads it.
    private readonly SafeFileHandle? _file = Open();

    /// <summary>Whether the system tells.</summary>
    public bool IsKnown => _file is not null;

    /// <summary>Reads both, in about a microsecond. On any thread.</summary>
    public (TimeSpan OnCore, TimeSpan Waiting) Read()
    {
        try
        {
            // The kernel writes the text anew for each read from the beginning.
            Span<byte> buffer = stackalloc byte[64];
            int length = _file is null ? 0 : RandomAccess.Read(_file, buffer, 0);
            return KernelText.ParseSchedule(buffer[..length]);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The thread has ended, or is just about to.
            return default;
        }
    }

    public void Dispose() => _file?.Dispose();

    private static SafeFileHandle? Open()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.OpenHandle("/proc/thread-self/schedstat") : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A kernel without scheduler statistics, or a sandbox.
            return null;
        }
    }
}
