namespace Switchyard.Core.RemoteExecutables;

/// <summary>What a <see cref="ProgramReport"/> says; the caller has a method for each.</summary>
internal enum ReportKind : byte
{
    ErrorLine,

    NonZeroExit,

    StartFailed,

    CannotStart,

    StreamFailed,

    LeftProcessesBehind,

    TerminalWanted,

    WorkerDied,

    WorkersExitAtOnce,

    AnsweredTwice,

    FileNotSent,

    FileNotReceived,
}
