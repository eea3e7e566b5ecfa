using System.Management.Automation;
using System.Runtime.InteropServices;

namespace Switchyard.Host.Hosting;

/// <summary>Stops what runs when the user or the system asks for it: Ctrl+C, SIGTERM, or a reader of the output that went away.</summary>
internal sealed class StopRequests : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;
    private readonly Lock _lock = new();
    private PowerShell? _running;
    private Thread? _stopping;
    private int? _exitCode;

    public StopRequests() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, ExitCodes.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, ExitCodes.Terminated)),
    ];

    /// <summary>The exit code to give, if a stop was asked for.</summary>
    public int? ExitCode => _exitCode;

    /// <summary>Says what a stop shall stop from now on. If a stop was asked for before, it is stopped at once.</summary>
    public void Watch(PowerShell running)
    {
        lock (_lock)
        {
            _running = running;
            if (_exitCode is not null)
            {
                Stop();
            }
        }
    }

    /// <summary>Says that it has ended. The caller may dispose it then, so a stop under way is let finish first.</summary>
    public void Unwatch()
    {
        Thread? stopping;
        lock (_lock)
        {
            _running = null;
            stopping = _stopping;
        }

        stopping?.Join();
    }

    /// <summary>Nobody reads the output any more.</summary>
    public void OnReaderGone() => Request(ExitCodes.BrokenPipe);

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        // Without this the runtime ends the process, with child processes and finally blocks left behind.
        context.Cancel = true;
        if (!Request(exitCode))
        {
            // The second one: the script does not stop, or its user does not want to wait.
            Environment.Exit(exitCode);
        }
    }

    private bool Request(int exitCode)
    {
        lock (_lock)
        {
            if (_exitCode is not null)
            {
                return false;
            }

            _exitCode = exitCode;
            Stop();
            return true;
        }
    }

    // Stop waits for the pipeline, which may be the one that asks; and PowerShell.BeginStop would start a foreground thread.
    private void Stop()
    {
        if (_running is not null)
        {
            _stopping = new Thread(_running.Stop) { IsBackground = true, Name = "Switchyard.Host stop" };
            _stopping.Start();
        }
    }
}
