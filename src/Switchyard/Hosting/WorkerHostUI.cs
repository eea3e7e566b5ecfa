using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Switchyard.Hosting;

/// <summary>
/// Passes prompts and direct writes of one worker on to the caller's user interface, one at a time. It drops what the engine writes here only
/// as an echo of a record that is on its way through a stream.
/// </summary>
internal sealed class WorkerHostUI : PSHostUserInterface
{
    private readonly PSHostUserInterface? _caller;
    // The engine echoes an information record right after it has put it into the stream. One worker, one user interface: so the
    // next write is the echo, if it says the same.
    private string? _echo;

    public WorkerHostUI(PSHostUserInterface? caller) => _caller = caller;

    /// <inheritdoc/>
    public override PSHostRawUserInterface? RawUI => _caller?.RawUI;

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => _caller?.SupportsVirtualTerminal ?? false;

    /// <summary>Announces the echo of a record that was just put into a stream.</summary>
    /// <param name="text">The text that will be written here and is to be dropped.</param>
    public void ExpectEcho(string text) => _echo = text;

    /// <inheritdoc/>
    public override void Write(string value) => WriteUnlessEcho(value, ui => ui.Write(value));

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteUnlessEcho(value, ui => ui.Write(foregroundColor, backgroundColor, value));

    /// <inheritdoc/>
    public override void WriteLine(string value) => WriteUnlessEcho(value, ui => ui.WriteLine(value));

    /// <inheritdoc/>
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteUnlessEcho(value, ui => ui.WriteLine(foregroundColor, backgroundColor, value));

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => WriteUnlessEcho(value, ui => ui.WriteErrorLine(value));

    /// <inheritdoc/>
    public override void WriteDebugLine(string message)
    {
        // It is in the debug stream.
    }

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message)
    {
        // It is in the verbose stream.
    }

    /// <inheritdoc/>
    public override void WriteWarningLine(string message)
    {
        // It is in the warning stream.
    }

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        // It is in the progress stream.
    }

    /// <inheritdoc/>
    public override string ReadLine() => Ask(ui => ui.ReadLine());

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => Ask(ui => ui.ReadLineAsSecureString());

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        Ask(ui => ui.Prompt(caption, message, descriptions));

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Ask(ui => ui.PromptForChoice(caption, message, choices, defaultChoice));

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        Ask(ui => ui.PromptForCredential(caption, message, userName, targetName));

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        Ask(ui => ui.PromptForCredential(caption, message, userName, targetName, allowedCredentialTypes, options));

    private void WriteUnlessEcho(string value, Action<PSHostUserInterface> write)
    {
        if (_echo is { } echo)
        {
            _echo = null;
            if (echo == value)
            {
                return;
            }
        }

        if (_caller is not null)
        {
            lock (_caller)
            {
                write(_caller);
            }
        }
    }

    private T Ask<T>(Func<PSHostUserInterface, T> ask)
    {
        if (_caller is null)
        {
            throw new PSNotSupportedException();
        }

        lock (_caller)
        {
            return ask(_caller);
        }
    }
}
