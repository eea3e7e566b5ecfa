namespace Switchyard.Core.Processes;

/// <summary>
/// Waits for a child's exit on a thread of its own: the process class tells of it on a pool thread, and the pool may be busy with
/// what waits for this very child.
/// </summary>
internal sealed class ChildExit(Process process, object sync)
{
    private readonly Process _process = process;
    private readonly object _lock = sync;
    private bool _isDisposed;

    public bool HasExited { get; private set; }

    public int ExitCode { get; private set; } = -1;

    public void Start(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Frees the process once it has exited. Inside the lock.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (HasExited)
        {
            _process.Dispose();
        }
    }

    private void Run()
    {
        int exitCode = -1;
        try
        {
            // Its streams are read elsewhere, so it waits for the process alone.
            _process.WaitForExit();
            exitCode = _process.ExitCode;
        }
        catch (SystemException)
        {
            // The system does not tell any more.
        }

        lock (_lock)
        {
            ExitCode = exitCode;
            HasExited = true;
            Monitor.PulseAll(_lock);
            if (_isDisposed)
            {
                _process.Dispose();
            }
        }
    }
}
