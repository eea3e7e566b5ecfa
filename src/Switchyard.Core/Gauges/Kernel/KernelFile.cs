using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Gauges.Kernel;

/// <summary>A file that the Linux kernel writes anew for each read, kept open: reading takes about a microsecond. On any thread.</summary>
/// <remarks>One below <c>/proc/thread-self</c> stays that of the thread that opened it, whichever reads it.</remarks>
internal sealed class KernelFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private KernelFile(SafeFileHandle file) => _file = file;

    /// <summary>Opens it; null on another system, and where the kernel does not have it or a sandbox hides it.</summary>
    public static KernelFile? TryOpen(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new KernelFile(File.OpenHandle(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads from the beginning, no more than there is room for; nothing once what it tells of has ended.</summary>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        try
        {
            return buffer[..RandomAccess.Read(_file, buffer, 0)];
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return [];
        }
    }

    public void Dispose() => _file.Dispose();
}
