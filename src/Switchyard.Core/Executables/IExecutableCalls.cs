using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>
/// The caller's side of a run of executables: what one is given for each item, and how what happens to it is reported. What it
/// makes is handed to the sink as it is, as records of the kind that each says. Called on the workers' threads, on several at a time.
/// </summary>
internal interface IExecutableCalls
{
    /// <summary>Makes what an executable is given for an item.</summary>
    /// <param name="slot">Number of the worker, from 1.</param>
    ExecutableCall Prepare(in BatchItem item, int slot);

    /// <summary>A line that was written to the standard error: it does not fail the item.</summary>
    /// <param name="input">The item; null for what was written while there was none.</param>
    object ErrorLine(object? input, string line);

    /// <summary>An error: it ended with something else than 0.</summary>
    object NonZeroExit(object? input, ExitReason reason);

    /// <summary>An error: it could not be started for this item.</summary>
    object StartFailed(object? input, Exception cause);

    /// <summary>What ends the run: it cannot be started for any item.</summary>
    object CannotStart(Exception cause);

    /// <summary>An error: a file could not be sent to where the item runs, or brought back from there.</summary>
    object FileFailed(object? input, string message, bool isComing) => StreamFailed(input, new IOException(message));

    /// <summary>An error: the item's input could not be read, or its output not be kept.</summary>
    object StreamFailed(object? input, Exception cause);

    /// <summary>A warning: what it writes is no lines, and from here on only in the item's file.</summary>
    object OnlyInFile(object? input, Exception cause);

    /// <summary>A warning: it has exited, but what it started kept its output open, and was ended.</summary>
    object LeftProcessesBehind(object? input);

    /// <summary>An error: a program waited for the terminal, and was ended.</summary>
    /// <param name="program">Its name, or that of what it has started.</param>
    object TerminalWanted(object? input, string program);

    /// <summary>An error: a worker that takes lines died under this item, before its answer.</summary>
    object WorkerDied(object? input, ExitReason reason, IReadOnlyList<string> lastErrors);

    /// <summary>What ends the run: workers that take lines exit before any has ever answered.</summary>
    object WorkersExitAtOnce(ExitReason reason, IReadOnlyList<string> lastErrors);

    /// <summary>An error: a worker that takes lines wrote more than the one line that was its answer.</summary>
    object AnsweredTwice(object? input, string line);
}
