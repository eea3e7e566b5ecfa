using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes;

/// <summary>A program as the system has started it: the ends of its streams, and its own end.</summary>
internal abstract class StartedProgram : IDisposable
{
    public abstract int Id { get; }

    /// <summary>It with all that it starts.</summary>
    public abstract ChildTree Tree { get; }

    /// <summary>What its standard input is read from; null where nothing here writes it.</summary>
    public abstract Stream? Input { get; }

    public abstract Stream Output { get; }

    public abstract Stream Error { get; }

    /// <summary>Waits until it has exited.</summary>
    /// <returns>Its exit code; -1 where the system does not tell.</returns>
    public abstract int WaitForExit();

    /// <summary>Frees it, once it has exited. Its streams and its tree are closed by those who use them.</summary>
    public abstract void Dispose();
}
