using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors about batches that are seen and steered from elsewhere. One method each.</summary>
internal static class ControlErrors
{
    public static ErrorRecord BatchNotFound(string id) =>
        Record(new ItemNotFoundException(MessageText.Format(Messages.BatchNotFound, id)), ErrorCategory.ObjectNotFound, id);

    public static ErrorRecord BatchIdNotValid(string id) =>
        Record(new ArgumentException(MessageText.Format(Messages.BatchIdNotValid, id)), ErrorCategory.InvalidArgument, id);

    public static ErrorRecord BatchItemNotFound(string id, long index) =>
        Record(new ItemNotFoundException(MessageText.Format(Messages.BatchItemNotFound, index, id)), ErrorCategory.ObjectNotFound, index);

    public static ErrorRecord BatchItemNotStoppable(string id) =>
        Record(new InvalidOperationException(MessageText.Format(Messages.BatchItemNotStoppable, id)), ErrorCategory.InvalidOperation, id);

    public static ErrorRecord SessionNotAnswering(int process, string reason) =>
        Record(new IOException(MessageText.Format(Messages.SessionNotAnswering, process, reason)), ErrorCategory.ConnectionError, process);
}
