namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>A file cannot be sent to where its item runs, or brought back from there. Its message says all.</summary>
internal sealed class FileTransferException(string message, bool isComing, Exception? inner = null) : Exception(message, inner)
{
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);
    private const int QuotaOnLinux = 122;
    private const int QuotaOnMac = 69;

    /// <summary>Whether it was to be brought back.</summary>
    public bool IsComing => isComing;

    /// <summary>Whether there is no space for it where its item was to run, so any other item that needs files would do no better there.</summary>
    public bool IsPlaceFull => !isComing && InnerException is IOException { HResult: NoSpace or NoSpaceOnWindows or QuotaOnLinux or QuotaOnMac };
}
