namespace Switchyard.Core.Processes;

/// <summary>
/// A running child: its three standard streams and its end, as events of which one thread takes one after another. So no stream
/// can fill up while another is waited for, and no child needs threads of its own.
/// </summary>
/// <remarks>
/// The child leads what <see cref="RequestEnd"/> and <see cref="Kill"/> end: all that it started. Its id stays its own until
/// <see cref="Reap"/>, so neither can hit another process. Not thread-safe: only <see cref="ChildLauncher.Wake"/> may be called elsewhere.
/// </remarks>
internal abstract class ChildProcess : IDisposable
{
    public abstract int Id { get; }

    /// <summary>What came with the last <see cref="ChildEvent.Output"/> or <see cref="ChildEvent.Error"/>; valid until the next wait.</summary>
    public abstract ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether <see cref="Wait"/> tells when the child's input has room.</summary>
    public bool AwaitsInput { get; set; }

    public abstract bool IsOutputOpen { get; }

    /// <summary>Takes its output and input, as one stream that blocks. Disposing of that ends what waits in it. Once, and only where it was started so.</summary>
    public abstract Stream TakeStream();

    /// <summary>Waits for the next event.</summary>
    public abstract ChildEvent Wait(TimeSpan timeout);

    /// <summary>Writes to the child's input, without blocking.</summary>
    /// <returns>How many bytes were taken, 0 if there is no room; -1 if the child takes nothing more.</returns>
    public abstract int Write(ReadOnlySpan<byte> data);

    public abstract void CloseInput();

    /// <summary>Asks the child and all that it started to end: SIGTERM; Ctrl+Break on Windows.</summary>
    /// <returns>False if they cannot be asked, so that waiting for an answer is of no use.</returns>
    public abstract bool RequestEnd();

    /// <summary>Ends the child and all that it started, without asking: SIGKILL.</summary>
    public abstract void Kill();

    /// <summary>Whether anything that the child started is still alive, as far as it can be found.</summary>
    /// <returns>False if nothing is.</returns>
    public abstract bool HasDescendants();

    /// <summary>Reads the processor time of the child so far, over all its threads.</summary>
    /// <returns>False where the system does not tell.</returns>
    public abstract bool TryReadCpuTime(out TimeSpan time);

    /// <summary>Takes note of the child's end, after <see cref="ChildEvent.Exited"/>; from here on its id may be another's.</summary>
    public abstract ExitReason Reap();

    /// <summary>Closes the streams. A child that still runs is killed.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the streams. A child that still runs is killed.</summary>
    protected abstract void Dispose(bool disposing);
}
