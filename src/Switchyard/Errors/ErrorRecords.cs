using System.Runtime.CompilerServices;
using Switchyard.Core.Processes;

namespace Switchyard.Errors;

/// <summary>
/// Makes the records of this module's own errors. Each has one method in one of the classes beside this, named as its message: the id, such as
/// <c>Switchyard.FunctionNotFound</c>, is made of the method's name.
/// </summary>
internal static class ErrorRecords
{
    private const string Prefix = "Switchyard.";

    /// <param name="id">The id, if it is not the calling method's name.</param>
    public static ErrorRecord Record(Exception exception, ErrorCategory category, object? target, [CallerMemberName] string id = "") =>
        new(exception, Prefix + id, category, PSObjects.Unwrap(target));

    /// <summary>The same for an error that ends the command.</summary>
    public static BatchException Fatal(Exception exception, ErrorCategory category, object? target, [CallerMemberName] string id = "") =>
        new(Record(exception, category, target, id));

    public static string ExitText(ExitReason reason) => reason.WaitedForTerminal is { } program
        ? MessageText.Format(Messages.ExitForTerminal, program)
        : reason.SignalName is { } signal
        ? MessageText.Format(Messages.ExitBySignal, signal)
        : MessageText.Format(Messages.ExitByCode, CodeText(reason.ExitCode));

    // Windows ends a program that failed badly with the status that did it, and those are known by their hexadecimal form.
    private static string CodeText(int code) =>
        (code & 0xF0000000) == 0xC0000000 ? string.Create(CultureInfo.InvariantCulture, $"{code} (0x{code:X8})") : code.ToString(CultureInfo.InvariantCulture);

    public static string Quoted(IReadOnlyList<string> lastErrors) =>
        lastErrors.Count == 0 ? string.Empty : MessageText.Format(Messages.LastErrors, string.Join(Environment.NewLine, lastErrors));
}
