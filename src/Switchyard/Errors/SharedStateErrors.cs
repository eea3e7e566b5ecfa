using Switchyard.Core.SharedState;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors and messages of shared state. One method each.</summary>
internal static class SharedStateErrors
{
    public static string LockAbandoned(object? item, object shared) => MessageText.Format(Messages.LockAbandoned, ItemText.Of(item), shared);

    public static BatchException ParameterNotForKind(string parameter, SharedKind kind) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ParameterNotForKind, parameter, kind), parameter),
        ErrorCategory.InvalidArgument,
        parameter);

    public static BatchException InitialNotAllowed(SharedKind kind, object? initial, Exception cause) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.InitialNotAllowed, kind, cause.Message)), ErrorCategory.InvalidArgument, initial);

    public static BatchException QueueNotFirst(object queue) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.QueueNotFirst, queue)), ErrorCategory.InvalidOperation, queue);

    public static BatchException QueueArguments(object queue) =>
        Fatal(new PSArgumentException(Messages.QueueArguments), ErrorCategory.InvalidArgument, queue);

    public static BatchException QueueNotHere(object queue) =>
        Fatal(new NotSupportedException(MessageText.Format(Messages.QueueNotHere, queue)), ErrorCategory.NotImplemented, queue);
}
