using Switchyard.Core.RemoteWorkers.Files;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of files on their way to other machines and back. One method each.</summary>
internal static class FileErrors
{
    public static ErrorRecord Of(FileTransferException cause, object? item) => cause.IsComing ? FileNotReceived(cause, item) : FileNotSent(cause, item);

    private static ErrorRecord FileNotSent(FileTransferException cause, object? item) => Record(Plain(cause), ErrorCategory.ReadError, item);

    private static ErrorRecord FileNotReceived(FileTransferException cause, object? item) => Record(Plain(cause), ErrorCategory.WriteError, item);

    // One that can be sent, and is caught by what every script knows.
    private static IOException Plain(FileTransferException cause) => new(cause.Message, cause.InnerException);
}
