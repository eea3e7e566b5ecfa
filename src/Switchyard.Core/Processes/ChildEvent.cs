namespace Switchyard.Core.Processes;

/// <summary>What <see cref="ChildProcess.Wait"/> came back with.</summary>
internal enum ChildEvent
{
    /// <summary>The child wrote to its output: <see cref="ChildProcess.Data"/> holds what.</summary>
    Output,

    /// <summary>The child wrote to its standard error: <see cref="ChildProcess.Data"/> holds what.</summary>
    Error,

    /// <summary>The child's input has room, or is closed: <see cref="ChildProcess.Write"/> tells which.</summary>
    InputReady,

    OutputEnded,

    /// <summary>The child's standard error has ended. Told once.</summary>
    ErrorEnded,

    /// <summary>The child has exited. Told once; its output may still be written to by processes that it started.</summary>
    Exited,

    /// <summary>
    /// The child, or what it has started, was stopped because it wants to read from the terminal, which is not its own: without help it never
    /// goes on. Told once; who it is, <see cref="ChildProcess.Reap"/> tells.
    /// </summary>
    AwaitsTerminal,

    /// <summary>A call of <see cref="ChildLauncher.Wake"/>.</summary>
    Woken,

    /// <summary>Nothing happened in the given time.</summary>
    TimedOut,
}
