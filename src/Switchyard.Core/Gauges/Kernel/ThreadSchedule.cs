namespace Switchyard.Core.Gauges.Kernel;

/// <summary>
/// How long the thread that made it has had a core, and how long it was ready to run while others had them: on a busy machine that looks like waiting, and is none of
/// its own. Linux only, from <c>schedstat</c>; elsewhere it is always zero.
/// </summary>
internal sealed class ThreadSchedule : IDisposable
{
    private readonly KernelFile? _file = KernelFile.TryOpen("/proc/thread-self/schedstat");

    /// <summary>Whether the system tells.</summary>
    public bool IsKnown => _file is not null;

    /// <summary>Reads both. On any thread.</summary>
    public (TimeSpan OnCore, TimeSpan Waiting) Read()
    {
        Span<byte> buffer = stackalloc byte[64];
        return _file is null ? default : KernelText.ParseScheduling(_file.Read(buffer)).GetValueOrDefault();
    }

    public void Dispose() => _file?.Dispose();
}
