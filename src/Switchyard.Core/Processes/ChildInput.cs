namespace Switchyard.Core.Processes;

/// <summary>What a child's standard input is.</summary>
internal enum ChildInput
{
    /// <summary>Nothing: its first read finds the end.</summary>
    None,

    /// <summary>A pipe that is written with <see cref="ChildProcess.Write"/>.</summary>
    Pipe,

    /// <summary>The terminal, in whose foreground the child then is.</summary>
    Terminal,

    /// <summary>An open file: <see cref="ChildStart.InputFile"/>.</summary>
    File,
}
