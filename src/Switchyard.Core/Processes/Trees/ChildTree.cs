namespace Switchyard.Core.Processes.Trees;

/// <summary>A child with all that it has started, as the system allows to find and end them.</summary>
internal abstract class ChildTree : IDisposable
{
    /// <returns>False if they cannot be asked.</returns>
    public abstract bool RequestEnd(bool hasExited);

    public abstract void Kill(bool hasExited);

    public abstract bool HasDescendants(bool hasExited);

    /// <summary>Reads the child's own processor time so far.</summary>
    /// <returns>False where the system does not tell.</returns>
    public abstract bool TryReadCpuTime(bool hasExited, out TimeSpan time);

    /// <summary>Reads the processor time of the child, which has exited, and of what it started.</summary>
    /// <returns>The time; null where the system does not tell.</returns>
    public abstract TimeSpan? ReadTotalCpuTime();

    public abstract void Dispose();
}
