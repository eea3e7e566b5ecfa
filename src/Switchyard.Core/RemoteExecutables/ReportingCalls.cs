using Switchyard.Core.Executables;
using Switchyard.Core.Processes;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>The side of a worker's programs that reports: what is said of them is data, for the caller to make errors of.</summary>
/// <param name="before">What stands before each program's arguments.</param>
internal sealed class ReportingCalls(IReadOnlyList<string> before) : IExecutableCalls
{
    public ExecutableCall Prepare(in BatchItem item, int slot) => ((RemoteCall)item.Input!).ToCall(before);

    public object ErrorLine(object? input, string line) => Report(ReportKind.ErrorLine, input) with { Text = line };

    public object NonZeroExit(object? input, ExitReason reason) => Report(ReportKind.NonZeroExit, input) with { Reason = reason };

    public object StartFailed(object? input, Exception cause) => Report(ReportKind.StartFailed, input) with { Text = cause.Message };

    public object CannotStart(Exception cause) =>
        Report(ReportKind.CannotStart, null) with { Text = cause.Message, IsShortage = cause is ChildStartException { IsShortage: true } };

    public object StreamFailed(object? input, Exception cause) => Report(ReportKind.StreamFailed, input) with { Text = cause.Message };

    public object OnlyInFile(object? input, Exception cause) => throw new NotSupportedException();

    public object LeftProcessesBehind(object? input) => Report(ReportKind.LeftProcessesBehind, input);

    public object TerminalWanted(object? input, string program) => Report(ReportKind.TerminalWanted, input) with { Text = program };

    public object WorkerDied(object? input, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        Report(ReportKind.WorkerDied, input) with { Reason = reason, LastErrors = lastErrors };

    public object WorkersExitAtOnce(ExitReason reason, IReadOnlyList<string> lastErrors) =>
        Report(ReportKind.WorkersExitAtOnce, null) with { Reason = reason, LastErrors = lastErrors };

    public object AnsweredTwice(object? input, string line) => Report(ReportKind.AnsweredTwice, input) with { Text = line };

    private static ProgramReport Report(ReportKind kind, object? input) => new(kind, (input as RemoteCall)?.Index ?? -1);
}
