namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>A file cannot be sent to where its item runs, or brought back from there. Its message says all.</summary>
internal sealed class FileTransferException(string message, bool isComing, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it was to be brought back.</summary>
    public bool IsComing => isComing;
}
