namespace Switchyard.Core.Executables;

/// <summary>What a <see cref="ProgramReport"/> says.</summary>
internal enum ReportKind : byte
{
    /// <summary>A line that was written to the standard error: it does not fail the item. About no item if it was written while there was none.</summary>
    ErrorLine,

    /// <summary>An error: it ended with something else than 0.</summary>
    NonZeroExit,

    /// <summary>An error: it could not be started for this item.</summary>
    StartFailed,

    /// <summary>What ends the run: it cannot be started for any item.</summary>
    CannotStart,

    /// <summary>An error: the item's input could not be read, or its output not be kept.</summary>
    StreamFailed,

    /// <summary>A warning: it has exited, but what it started kept its output open, and was ended.</summary>
    LeftProcessesBehind,

    /// <summary>An error: a program waited for the terminal, and was ended. The text is its name, or that of what it has started.</summary>
    TerminalWanted,

    /// <summary>An error: a worker that takes lines died under this item, before its answer.</summary>
    WorkerDied,

    /// <summary>What ends the run: workers that take lines exit before any has ever answered.</summary>
    WorkersExitAtOnce,

    /// <summary>An error: a worker that takes lines wrote more than the one line that was its answer.</summary>
    AnsweredTwice,

    /// <summary>An error: a file could not be sent to where the item runs.</summary>
    FileNotSent,

    /// <summary>An error: a file could not be brought back from where the item ran.</summary>
    FileNotReceived,

    /// <summary>A warning: what it writes is no lines, and from here on only in the item's file.</summary>
    OnlyInFile,
}
