using System.Diagnostics.CodeAnalysis;

namespace Switchyard;

/// <summary>An executable ended with something else than 0.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It means nothing without its code.")]
public sealed class NonZeroExitException : Exception
{
    internal NonZeroExitException(string message, int exitCode, string? signal)
        : base(message)
    {
        ExitCode = exitCode;
        Signal = signal;
    }

    /// <summary>The exit code; 128 and the signal's number if a signal ended it.</summary>
    public int ExitCode { get; }

    /// <summary>Name of the signal that ended it, such as <c>SIGKILL</c>; null if none did.</summary>
    public string? Signal { get; }
}
