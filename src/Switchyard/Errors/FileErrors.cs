using Switchyard.Core.RemoteWorkers.Files;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of files on their way to other machines and back. One method each.</summary>
internal static class FileErrors
{
    /// <summary>What a far worker writes as a warning before the path of an item that is a file and not there. Of all of a batch one is told.</summary>
    public const string NotThereMark = "\0Switchyard not there\0";

    public static ErrorRecord FileFailed(FileTransferException cause, object? item) => cause.IsComing ? FileNotReceived(cause, item) : FileNotSent(cause, item);

    public static ErrorRecord FileBlockFailed(object? item, RuntimeException cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.FileBlockFailed, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidArgument,
        item);

    public static string FileItemNotThere(string path) => MessageText.Format(Messages.FileItemNotThere, path);

    private static ErrorRecord FileNotSent(FileTransferException cause, object? item) => Record(Plain(cause), ErrorCategory.ReadError, item);

    private static ErrorRecord FileNotReceived(FileTransferException cause, object? item) => Record(Plain(cause), ErrorCategory.WriteError, item);

    // One that can be sent, and is caught by what every script knows.
    private static IOException Plain(FileTransferException cause) => new(cause.Message, cause.InnerException);
}
