namespace Switchyard.Core.Processes;

/// <summary>Starts a worker's children, one at a time, and wakes the thread that waits for one.</summary>
internal abstract class ChildLauncher : IDisposable
{
    /// <summary>Starts a child.</summary>
    /// <returns>The running child. Dispose of it before the next is started.</returns>
    /// <exception cref="ChildStartException">It cannot be started.</exception>
    public abstract ChildProcess Start(ChildStart start);

    /// <summary>
    /// Makes the wait of the current or next child return <see cref="ChildEvent.Woken"/>. On any thread, at any time; does nothing
    /// once disposed of.
    /// </summary>
    public abstract void Wake();

    /// <summary>Frees what it holds. No child may be running.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
