using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Gauges.RunQueue;

/// <summary>
/// How long the thread that made it was ready to run while others had the cores: on a busy machine that looks like waiting, and is none of the item's. Linux only,
/// from <c>schedstat</c>; elsewhere it is always zero.
/// </summary>
internal sealed class ThreadDelay : IDisposable
{
    private readonly SafeFileHandle? _file = Open();
    private readonly byte[] _buffer = new byte[64];

    /// <summary>Reads it, in about a microsecond. On its own thread.</summary>
    public TimeSpan Read()
    {
        // The kernel writes the text anew for each read from the beginning.
        int length = _file is null ? 0 : RandomAccess.Read(_file, _buffer, 0);
        return KernelText.ParseWaiting(_buffer.AsSpan(0, length));
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
