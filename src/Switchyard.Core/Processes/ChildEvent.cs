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

    /// <summary>A call of <see cref="ChildLauncher.Wake"/>.</summary>
    Woken,

    /// <summary>Nothing happened in the given time.</summary>
    TimedOut,
}
