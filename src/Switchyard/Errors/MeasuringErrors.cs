using System.Management.Automation;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of Measure-Bottleneck. One method each, whose id is the name of its message.</summary>
internal static class MeasuringErrors
{
    public static BatchException ProcessNotFound(int id) => new(Record(
        nameof(Messages.ProcessNotFound),
        new ArgumentException(MessageText.Format(Messages.ProcessNotFound, id)),
        ErrorCategory.ObjectNotFound,
        id));

    public static BatchException ProcessEnded(int id, string name) => new(Record(
        nameof(Messages.ProcessEnded),
        new InvalidOperationException(MessageText.Format(Messages.ProcessEnded, id, name)),
        ErrorCategory.ResourceUnavailable,
        id));

    public static BatchException ProcessNotReadable(int id, string name, Exception cause) => new(Record(
        nameof(Messages.ProcessNotReadable),
        new UnauthorizedAccessException(MessageText.Format(Messages.ProcessNotReadable, id, name, cause.Message), cause),
        ErrorCategory.PermissionDenied,
        id));

    public static BatchException NoItemsToMeasure() => new(Record(
        nameof(Messages.NoItemsToMeasure),
        new InvalidOperationException(Messages.NoItemsToMeasure),
        ErrorCategory.InvalidData,
        null));

    public static BatchException NoItemFinished(double seconds) => new(Record(
        nameof(Messages.NoItemFinished),
        new TimeoutException(MessageText.Format(Messages.NoItemFinished, seconds)),
        ErrorCategory.OperationTimeout,
        null));

    public static BatchException AllItemsFailed(int count, ErrorRecord? first) => new(Record(
        nameof(Messages.AllItemsFailed),
        new InvalidOperationException(MessageText.Format(Messages.AllItemsFailed, count, first?.ToString() ?? "-"), first?.Exception),
        ErrorCategory.InvalidResult,
        first?.TargetObject));

    public static BatchException ReportNotWritten(string path, Exception cause) => new(Record(
        nameof(Messages.ReportNotWritten),
        new IOException(MessageText.Format(Messages.ReportNotWritten, path, cause.Message), cause),
        ErrorCategory.WriteError,
        path));
}
