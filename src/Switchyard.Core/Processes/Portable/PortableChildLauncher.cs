using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes.Portable;

/// <summary>
/// Starts children whose streams and exit each have a thread: on Windows, and by <see cref="Process"/> on Unix systems whose C library
/// lacks what <see cref="Unix.UnixChildLauncher"/> needs.
/// </summary>
internal sealed class PortableChildLauncher(SharedProcessTable table) : ChildLauncher
{
    private readonly SharedProcessTable _table = table;
    private bool _isWoken;

    /// <summary>Guards the running child, and is pulsed when something has happened to it.</summary>
    public object Lock { get; } = new();

    public override ChildProcess Start(ChildStart start) =>
        new PortableChildProcess(this, OperatingSystem.IsWindows() ? WindowsProgram.Start(start) : ProcessProgram.Start(start, _table), start.HandsOverStream);

    public override void Wake()
    {
        lock (Lock)
        {
            _isWoken = true;
            Monitor.PulseAll(Lock);
        }
    }

    /// <summary>Takes the wake-ups so far. Inside the lock.</summary>
    public bool TakeWake()
    {
        bool isWoken = _isWoken;
        _isWoken = false;
        return isWoken;
    }

    protected override void Dispose(bool disposing)
    {
    }
}
