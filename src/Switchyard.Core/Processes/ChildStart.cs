using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes;

internal sealed record ChildStart
{
    public required string FileName { get; init; }

    /// <summary>Its arguments, each of them one argument of the child, whatever characters it holds but NUL.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public required ChildEnvironment Environment { get; init; }

    /// <summary>Full path of the folder that it starts in.</summary>
    public required string? WorkingDirectory { get; init; }

    public ChildInput Input { get; init; }

    /// <summary>Whether its input and output are one stream of bytes, which <see cref="ChildProcess.TakeStream"/> gives, and no events.</summary>
    public bool HandsOverStream { get; init; }

    /// <summary>The file that is its standard input. Left open; the caller closes it.</summary>
    public SafeFileHandle? InputFile { get; init; }

    /// <summary>
    /// Value of the environment variable <see cref="ChildEnvironment.MarkName"/>, by which the child's descendants are found
    /// wherever they went. Unlike that of any other child.
    /// </summary>
    public required string Mark { get; init; }

    /// <summary>Whether it has a console to itself, without a window, on Windows. Ctrl+C and Ctrl+Break of the caller's do not reach it.</summary>
    public bool HasOwnConsole { get; init; }

    /// <summary>Checks an argument.</summary>
    /// <returns>It.</returns>
    /// <exception cref="ChildStartException">No system can pass it.</exception>
    public static string Checked(string argument) =>
        !argument.Contains('\0', StringComparison.Ordinal) ? argument : throw new ChildStartException(Messages.ArgumentWithNul) { IsOfThisChild = true };
}
