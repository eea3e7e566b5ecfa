using Switchyard.Core.Gauges;

namespace Switchyard.Core.Probes;

/// <summary>
/// Looks once a millisecond what a thread is doing, and counts how often it waited for a disk: the kernel calls that an uninterruptible
/// sleep. Linux only; elsewhere it sees nothing.
/// </summary>
public sealed class ThreadStates : IDisposable
{
    private readonly string? _path;
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread? _looker;
    private long _looks;
    private long _disk;
    private volatile bool _isOn;

    /// <summary>Begins to look at the calling thread.</summary>
    public ThreadStates()
    {
        _path = OperatingSystem.IsLinux() ? $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}/stat" : null;
        if (_path is not null)
        {
            _looker = new Thread(Look) { IsBackground = true, Name = "Switchyard states" };
            _looker.Start();
        }
    }

    /// <summary>Whether the thread is at what is to be looked at. Set by the thread itself.</summary>
    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }

    /// <summary>Of the looks, the share that found it waiting for a disk; 0 to 1.</summary>
    public double DiskShare => Interlocked.Read(ref _looks) is var looks and > 0 ? (double)Interlocked.Read(ref _disk) / looks : 0;

    /// <summary>Ends the looking.</summary>
    public void Dispose()
    {
        _over.Set();
        _looker?.Join();
        _over.Dispose();
    }

    private void Look()
    {
        while (!_over.Wait(TimeSpan.FromMilliseconds(1)))
        {
            if (!_isOn || KernelText.ReadFile(_path!) is not { } text)
            {
                continue;
            }

            Interlocked.Increment(ref _looks);
            if (KernelText.ParseStat(text) is ["D", ..])
            {
                Interlocked.Increment(ref _disk);
            }
        }
    }
}
