using System.Diagnostics;
using System.Text;
using Switchyard.Core.Executables;
using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>A caller whose errors are texts.</summary>
internal sealed class FakeExecutableCalls : IExecutableCalls
{
    public ExecutableCall Prepare(in BatchItem item, int slot) => item.Input is ProgramItem program
        ? new ExecutableCall
        {
            Arguments = ["-c", program.Script, "sh", $"{item.Index + 1}", $"{slot}"],
            Input = program.Input is { } input ? (ReadOnlyMemory<byte>?)input : null,
            InputPath = program.InputPath,
            Failure = program.Refusal,
        }
        : new ExecutableCall { Arguments = ["-c", "while read line; do eval \"$line\"; done"], Input = Encoding.UTF8.GetBytes(item.Input + "\n") };

    public object Make(object? input, ProgramReport report)
    {
        string name = NameOf(input);
        string lastErrors = string.Join('|', report.LastErrors);
        return report.Kind switch
        {
            ReportKind.ErrorLine => $"{name} says {report.Text}",
            ReportKind.NonZeroExit => $"{name} exits with {report.Reason.ExitCode} {report.Reason.SignalName}",
            ReportKind.StartFailed => $"{name} is not started: {report.Cause!.Message}",
            ReportKind.CannotStart => $"none can be started: {report.Cause!.Message}",
            ReportKind.StreamFailed => $"{name} has no streams: {report.Cause!.Message}",
            ReportKind.OnlyInFile => $"{name} is only in its file: {report.Text}",
            ReportKind.LeftProcessesBehind => $"{name} left processes behind",
            ReportKind.TerminalWanted => $"{name} wants a terminal for {report.Text}",
            ReportKind.WorkerDied => $"{name} dies with {report.Reason.ExitCode} after {lastErrors}",
            ReportKind.WorkersExitAtOnce => $"all die with {report.Reason.ExitCode} after {lastErrors}",
            ReportKind.AnsweredTwice => $"{name} answers again: {report.Text}",
            ReportKind.FileNotSent or ReportKind.FileNotReceived => $"{name} has no files: {report.Text}",
            _ => throw new UnreachableException(),
        };
    }

    private static string NameOf(object? input) => input switch
    {
        null => "no item",
        ProgramItem program => $"<{program.Script}>",
        _ => $"<{input}>",
    };
}
