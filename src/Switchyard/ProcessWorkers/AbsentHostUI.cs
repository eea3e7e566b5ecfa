using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Switchyard.ProcessWorkers;

/// <summary>The user interface of a caller who is in another process: it can be written to, and asks nobody.</summary>
internal sealed class AbsentHostUI : PSHostUserInterface
{
    /// <summary>Takes what is written.</summary>
    public Action<HostInformation>? Written { private get; set; }

    /// <inheritdoc/>
    public override PSHostRawUserInterface? RawUI => null;

    /// <inheritdoc/>
    public override void Write(string value) => Hand(new HostInformation(value, false, null, null));

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Hand(new HostInformation(value, false, foregroundColor, backgroundColor));

    /// <inheritdoc/>
    public override void WriteLine(string value) => Hand(new HostInformation(value, true, null, null));

    /// <inheritdoc/>
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Hand(new HostInformation(value, true, foregroundColor, backgroundColor));

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => Hand(new HostInformation(value, true, ConsoleColor.Red, null));

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
    public override string ReadLine() => throw NobodyToAsk();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw NobodyToAsk();

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NobodyToAsk();

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NobodyToAsk();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NobodyToAsk();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NobodyToAsk();

    private static InvalidOperationException NobodyToAsk() => new(Messages.NobodyToAsk);

    private void Hand(HostInformation information) => Written?.Invoke(information);
}
