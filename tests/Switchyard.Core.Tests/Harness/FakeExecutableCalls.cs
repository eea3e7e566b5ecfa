using System.Text;
using Switchyard.Core.Executables;
using Switchyard.Core.Items;
using Switchyard.Core.Processes;

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

    public object ErrorLine(object? input, string line) => $"{NameOf(input)} says {line}";

    public object NonZeroExit(object? input, ExitReason reason) => $"{NameOf(input)} exits with {reason.ExitCode} {reason.SignalName}";

    public object StartFailed(object? input, Exception cause) => $"{NameOf(input)} is not started: {cause.Message}";

    public object CannotStart(Exception cause) => $"none can be started: {cause.Message}";

    public object StreamFailed(object? input, Exception cause) => $"{NameOf(input)} has no streams: {cause.Message}";

    public object OnlyInFile(object? input, Exception cause) => $"{NameOf(input)} is only in its file: {cause.Message}";

    public object LeftProcessesBehind(object? input) => $"{NameOf(input)} left processes behind";

    public object TerminalWanted(object? input, string program) => $"{NameOf(input)} wants a terminal for {program}";

    public object WorkerDied(object? input, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        $"{NameOf(input)} dies with {reason.ExitCode} after {string.Join('|', lastErrors)}";

    public object WorkersExitAtOnce(ExitReason reason, IReadOnlyList<string> lastErrors) => $"all die with {reason.ExitCode} after {string.Join('|', lastErrors)}";

    public object AnsweredTwice(object? input, string line) => $"{NameOf(input)} answers again: {line}";

    private static string NameOf(object? input) => input switch
    {
        null => "no item",
        ProgramItem program => $"<{program.Script}>",
        _ => $"<{input}>",
    };
}
