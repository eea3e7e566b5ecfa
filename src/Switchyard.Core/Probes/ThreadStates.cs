using Switchyard.Core.Gauges.Kernel;

namespace Switchyard.Core.Probes;

/// <summary>
/// Samples once a millisecond what a thread is doing, and counts how often it waited for a disk: the kernel calls that an uninterruptible
/// sleep. Linux only; elsewhere it sees nothing.
/// </summary>
internal sealed class ThreadStates : IDisposable
{
    private readonly KernelFile? _file = KernelFile.TryOpen("/proc/thread-self/stat");

    // Spinning before each sleep would take processor time from what is sampled.
    private readonly ManualResetEventSlim _over = new(initialState: false, spinCount: 0);
    private readonly Thread? _sampler;
    private long _samples;
    private long _disk;
    private volatile bool _isOn;

    public ThreadStates()
    {
        if (_file is not null)
        {
            _sampler = new Thread(Sample) { IsBackground = true, Name = "Switchyard states" };
            _sampler.Start();
        }
    }

    /// <summary>Whether the thread is at what is to be sampled. Set by the thread itself.</summary>
    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }

    /// <summary>Of the samples, the share that found it waiting for a disk; 0 to 1.</summary>
    public double DiskShare => Interlocked.Read(ref _samples) is var samples and > 0 ? (double)Interlocked.Read(ref _disk) / samples : 0;

    public void Dispose()
    {
        _over.Set();
        _sampler?.Join();
        _over.Dispose();
        _file?.Dispose();
    }

    private void Sample()
    {
        Span<byte> buffer = stackalloc byte[64];
        while (!_over.Wait(TimeSpan.FromMilliseconds(1)))
        {
            if (!_isOn || _file!.Read(buffer) is not { Length: > 0 } text)
            {
                continue;
            }

            // The name is in parentheses and may hold any; the state is the letter behind the last.
            int state = text.LastIndexOf((byte)')') + 2;
            Interlocked.Increment(ref _samples);
            if (state < text.Length && text[state] == (byte)'D')
            {
                Interlocked.Increment(ref _disk);
            }
        }
    }
}
