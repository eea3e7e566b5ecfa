using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Switchyard.Host.Hosting;

/// <summary>
/// The user's side of the host: output and Write-Host go to standard output; errors, warnings, verbose and debug text and
/// progress to standard error, so that a script's output can be piped on whatever else it says.
/// </summary>
internal sealed class HostConsole : PSHostUserInterface
{
    private readonly ConsoleStream _output;
    private readonly ConsoleStream _error;
    private readonly ProgressLine _progress;
    private readonly HostPrompts _prompts;

    public HostConsole(ConsoleStream output, ConsoleStream error, bool nonInteractive)
    {
        _output = output;
        _error = error;
        _progress = new ProgressLine(error);
        _prompts = new HostPrompts(this, nonInteractive);
    }

    public override PSHostRawUserInterface RawUI { get; } = new RawConsole();

    public override bool SupportsVirtualTerminal => _output.ShowsColour || _error.ShowsColour;

    /// <summary>Takes the progress line away, at the end or before a child process writes.</summary>
    public void ClearProgress() => _progress.Clear();

    public override void Write(string value) => Show(_output, value, newLine: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => Show(_output, Coloured(foregroundColor, backgroundColor, value), newLine: false);

    public override void WriteLine(string value) => Show(_output, value, newLine: true);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => Show(_output, Coloured(foregroundColor, backgroundColor, value), newLine: true);

    public override void WriteErrorLine(string value)
    {
        // Formatted errors carry their colours; plain ones, as a failed start, get them here.
        string text = value.Contains('\e') ? value : $"{PSStyle.Instance.Formatting.Error}{value}{PSStyle.Instance.Reset}";
        Show(_error, text, newLine: true);
    }

    public override void WriteWarningLine(string message) => ShowTalk(PSStyle.Instance.Formatting.Warning, "WARNING: ", message);

    public override void WriteVerboseLine(string message) => ShowTalk(PSStyle.Instance.Formatting.Verbose, "VERBOSE: ", message);

    public override void WriteDebugLine(string message) => ShowTalk(PSStyle.Instance.Formatting.Debug, "DEBUG: ", message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    public override string ReadLine() => _prompts.ReadLine() ?? string.Empty;

    public override SecureString ReadLineAsSecureString() => _prompts.ReadSecureLine();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
        => _prompts.AskFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        => _prompts.AskChoice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
        => _prompts.AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
        => _prompts.AskCredential(caption, message, userName);

    private void ShowTalk(string style, string prefix, string message)
        => Show(_error, $"{style}{prefix}{message}{PSStyle.Instance.Reset}", newLine: true);

    private void Show(ConsoleStream stream, string value, bool newLine)
    {
        _progress.Clear();
        if (newLine)
        {
            stream.WriteLine(value ?? string.Empty);
        }
        else
        {
            stream.Write(value ?? string.Empty);
        }
    }

    private static string Coloured(ConsoleColor foreground, ConsoleColor background, string value)
    {
        string start = Valid(foreground) ? PSStyle.MapForegroundColorToEscapeSequence(foreground) : string.Empty;
        start += Valid(background) ? PSStyle.MapBackgroundColorToEscapeSequence(background) : string.Empty;
        return start.Length == 0 ? value : $"{start}{value}{PSStyle.Instance.Reset}";
    }

    // Write-Host passes -1 for "as it is".
    private static bool Valid(ConsoleColor colour) => (int)colour is >= 0 and <= 15;
}
