using System.Management.Automation;
using Switchyard.Core.Processes;

namespace Switchyard.Errors;

/// <summary>
/// Makes the records of this module's own errors. Each has one method in one of the classes beside this, whose id is the name of its message, so that
/// the two cannot drift apart. Ids look like <c>Switchyard.FunctionNotFound</c>.
/// </summary>
internal static class ErrorRecords
{
    private const string Prefix = "Switchyard.";

    public static ErrorRecord Record(string id, Exception exception, ErrorCategory category, object? target) =>
        new(exception, Prefix + id, category, target);

    public static string ExitText(ExitReason reason) => reason.SignalName is { } signal
        ? MessageText.Format(Messages.ExitBySignal, signal)
        : MessageText.Format(Messages.ExitByCode, reason.ExitCode);

    public static string Quoted(IReadOnlyList<string> lastErrors) =>
        lastErrors.Count == 0 ? string.Empty : MessageText.Format(Messages.LastErrors, string.Join(Environment.NewLine, lastErrors));
}
