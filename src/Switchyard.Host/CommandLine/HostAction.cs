namespace Switchyard.Host.CommandLine;

/// <summary>What the command line asks for.</summary>
internal enum HostAction
{
    /// <summary>Nothing that can be run: the error, if any, and the usage are shown.</summary>
    Usage,

    /// <summary>The usage was asked for.</summary>
    Help,

    /// <summary>The engine's version was asked for.</summary>
    Version,

    /// <summary>Script text from the command line.</summary>
    Command,

    /// <summary>Script text from standard input.</summary>
    StandardInput,

    /// <summary>A script file with its arguments.</summary>
    File,
}
