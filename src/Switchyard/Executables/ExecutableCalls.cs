using Switchyard.Core.Executables;
using Switchyard.Core.Executables.Arguments;
using Switchyard.Core.Processes;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Errors;

namespace Switchyard.Executables;

/// <summary>What a run's executable is given for each item, and how what happens to it is told in PowerShell's terms.</summary>
/// <param name="before">What stands before its arguments, such as the script that it is to run.</param>
internal sealed class ExecutableCalls(
    string name, IReadOnlyList<string> before, ExecutableArguments arguments, InputMode inputMode, Encoding encoding) : IExecutableCalls
{
    private readonly string _name = name;
    private readonly IReadOnlyList<string> _before = before;
    private readonly ExecutableArguments _arguments = arguments;
    private readonly InputMode _inputMode = inputMode;
    private readonly Encoding _encoding = ProgramEncoding.Strict(encoding);

    public ExecutableCall Prepare(in BatchItem item, int slot)
    {
        PreparedItem? prepared = item.Input as PreparedItem;
        if (prepared?.Failure is { } failure)
        {
            return new ExecutableCall { Failure = failure };
        }

        object? input = prepared is null ? item.Input : prepared.Item;
        string text = string.Empty;
        string[] arguments;
        try
        {
            if (prepared?.Members is { } members)
            {
                IReadOnlyList<BatchItem> own = item.Account!.Own.Members;
                arguments = _arguments.Expand([.. members.Select((member, i) => ValuesOf(member, own[i].Index + 1, slot))]);
            }
            else
            {
                if (_arguments.NeedText || _inputMode == InputMode.Line || (_inputMode is InputMode.Item or InputMode.Block && PSObjects.Unwrap(input) is not (FileInfo or byte[] or InputBlock)))
                {
                    text = TextOf(input, prepared);
                }

                arguments = _arguments.Expand(new ArgumentValues(text, item.Index + 1, slot), prepared);
            }
        }
        catch (RuntimeException exception)
        {
            return new ExecutableCall { Failure = ExecutableErrors.ItemHasNoText(input, exception) };
        }

        ExecutableCall call = new() { Arguments = _before.Count == 0 ? arguments : [.. _before, .. arguments] };
        try
        {
            return _inputMode switch
            {
                InputMode.Item or InputMode.Block => WithInput(call, input, text),
                InputMode.Line => WithLine(call, input, text),
                _ => call,
            };
        }
        catch (EncoderFallbackException exception)
        {
            return new ExecutableCall { Failure = ExecutableErrors.ItemNotEncodable(input, _name, _encoding, exception) };
        }
    }

    public object Make(object? input, ProgramReport report) => report.Kind switch
    {
        ReportKind.ErrorLine => ExecutableErrors.StandardError(input, report.Text),
        ReportKind.NonZeroExit => ExecutableErrors.NonZeroExit(input, _name, report.Reason),
        ReportKind.StartFailed => ExecutableErrors.StartFailed(input, _name, report.Cause!),
        ReportKind.CannotStart => ExecutableErrors.CannotStart(_name, report.Cause!),
        ReportKind.StreamFailed => ExecutableErrors.StreamFailed(input, _name, report.Cause!),
        ReportKind.LeftProcessesBehind => new WarningRecord(ExecutableErrors.LeftProcessesBehind(input, _name)),
        ReportKind.TerminalWanted => ExecutableErrors.TerminalWanted(input, report.Text),
        ReportKind.WorkerDied => ExecutableErrors.WorkerDied(input, _name, report.Reason, report.LastErrors),
        ReportKind.WorkersExitAtOnce => ExecutableErrors.WorkersExitAtOnce(_name, report.Reason, report.LastErrors),
        ReportKind.AnsweredTwice => ExecutableErrors.AnsweredTwice(input, _name, report.Text),
        ReportKind.FileNotSent or ReportKind.FileNotReceived =>
            FileErrors.FileFailed(new FileTransferException(report.Text, report.Kind == ReportKind.FileNotReceived), input),
        ReportKind.OnlyInFile => new WarningRecord(ExecutableErrors.OnlyInFile(input, _name, report.Text)),
        _ => throw new UnreachableException(),
    };

    private (ArgumentValues Values, PreparedItem? Prepared) ValuesOf(object? member, long number, int slot)
    {
        PreparedItem? prepared = member as PreparedItem;
        string text = _arguments.NeedText ? TextOf(prepared is null ? member : prepared.Item, prepared) : string.Empty;
        return (new ArgumentValues(text, number, slot), prepared);
    }

    private static string TextOf(object? item, PreparedItem? prepared) => prepared?.Files?.FarText ?? ArgumentText.Of(item);

    private ExecutableCall WithInput(ExecutableCall call, object? input, string text) => PSObjects.Unwrap(input) switch
    {
        FileInfo file => call with { InputPath = file.FullName },
        InputBlock { Part: { } part } => call with { InputPart = part },
        InputBlock block => call with { Input = block.Bytes },
        byte[] bytes => call with { Input = bytes },
        _ => call with { Input = _encoding.GetBytes(text) },
    };

    private ExecutableCall WithLine(ExecutableCall call, object? input, string text) =>
        text.AsSpan().IndexOfAny('\n', '\r') < 0
            ? call with { Input = _encoding.GetBytes(text + "\n") }
            : call with { Failure = ExecutableErrors.ItemNotOneLine(input, _name) };
}
