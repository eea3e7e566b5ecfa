namespace Switchyard.Core.Processes;

/// <summary>
/// Waits for a child's exit on a thread of its own: what tells of it on a pool thread may wait for a pool that is busy with what waits for
/// this very child.
/// </summary>
internal sealed class ChildExit(StartedProgram program, object sync)
{
    private readonly StartedProgram _program = program;
    private readonly object _lock = sync;
    private bool _isDisposed;

    public bool HasExited { get; private set; }

    public int ExitCode { get; private set; } = -1;

    public void Start(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Frees the program once it has exited. Inside the lock.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (HasExited)
        {
            _program.Dispose();
        }
    }

    private void Run()
    {
        int exitCode = _program.WaitForExit();
        lock (_lock)
        {
            ExitCode = exitCode;
            HasExited = true;
            Monitor.PulseAll(_lock);
            if (_isDisposed)
            {
                _program.Dispose();
            }
        }
    }
}
