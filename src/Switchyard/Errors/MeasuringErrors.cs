using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of Measure-Bottleneck. One method each.</summary>
internal static class MeasuringErrors
{
    public static BatchException ProcessNotFound(int id) =>
        Fatal(new ArgumentException(MessageText.Format(Messages.ProcessNotFound, id)), ErrorCategory.ObjectNotFound, id);

    public static BatchException ProcessEnded(int id, string name) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.ProcessEnded, id, name)), ErrorCategory.ResourceUnavailable, id);

    public static BatchException ProcessNotReadable(int id, string name, Exception cause) => Fatal(
        new UnauthorizedAccessException(MessageText.Format(Messages.ProcessNotReadable, id, name, cause.Message), cause),
        ErrorCategory.PermissionDenied,
        id);

    public static BatchException NoItemsToMeasure() =>
        Fatal(new InvalidOperationException(Messages.NoItemsToMeasure), ErrorCategory.InvalidData, null);

    public static BatchException NoItemFinished(double seconds) =>
        Fatal(new TimeoutException(MessageText.Format(Messages.NoItemFinished, seconds)), ErrorCategory.OperationTimeout, null);

    public static BatchException AllItemsFailed(int count, ErrorRecord? first) => Fatal(
        new InvalidOperationException(MessageText.Format(Messages.AllItemsFailed, count, first?.ToString() ?? "-"), first?.Exception),
        ErrorCategory.InvalidResult,
        first?.TargetObject);

    public static BatchException ReportNotWritten(string path, Exception cause) =>
        Fatal(new IOException(MessageText.Format(Messages.ReportNotWritten, path, cause.Message), cause), ErrorCategory.WriteError, path);
}
