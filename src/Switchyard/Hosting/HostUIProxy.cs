using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Security;

namespace Switchyard.Hosting;

/// <summary>
/// A user interface that stands for the caller's, for prompts and direct writes. It drops what the engine writes here only as an echo of a
/// record, which comes through its stream.
/// </summary>
internal abstract class HostUIProxy : PSHostUserInterface
{
    public override PSHostRawUserInterface? RawUI => null;

    public override void Write(string value) => Write(new HostText(value, EndsLine: false), ui => ui.Write(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(new HostText(value, EndsLine: false, foregroundColor, backgroundColor), ui => ui.Write(foregroundColor, backgroundColor, value));

    public override void WriteLine(string value) => Write(new HostText(value, EndsLine: true), ui => ui.WriteLine(value));

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(new HostText(value, EndsLine: true, foregroundColor, backgroundColor), ui => ui.WriteLine(foregroundColor, backgroundColor, value));

    public override void WriteErrorLine(string value) =>
        Write(new HostText(value, EndsLine: true, ConsoleColor.Red), ui => ui.WriteErrorLine(value));

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => Ask(ui => ui.ReadLine());

    public override SecureString ReadLineAsSecureString() => Ask(ui => ui.ReadLineAsSecureString());

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        Ask(ui => ui.Prompt(caption, message, descriptions));

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Ask(ui => ui.PromptForChoice(caption, message, choices, defaultChoice));

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        Ask(ui => ui.PromptForCredential(caption, message, userName, targetName));

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        Ask(ui => ui.PromptForCredential(caption, message, userName, targetName, allowedCredentialTypes, options));

    /// <param name="write">Writes it to another user interface.</param>
    protected abstract void Write(HostText text, Action<PSHostUserInterface> write);

    protected abstract T Ask<T>(Func<PSHostUserInterface, T> ask);
}
