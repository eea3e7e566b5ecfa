namespace Switchyard.Core.Processes.Windows;

/// <summary>What Windows says when a process cannot be started.</summary>
internal static class WindowsErrors
{
    public const int AccessDenied = 5;
    public const int NotSupported = 50;
    public const int InvalidParameter = 87;
    public const int BadFormat = 193;

    private const int TooManyOpenFiles = 4;
    private const int NotEnoughMemory = 8;
    private const int OutOfMemory = 14;
    private const int NameTooLong = 206;
    private const int NoSystemResources = 1450;
    private const int CommitmentLimit = 1455;

    /// <summary>
    /// Whether an error is one start's own: too long a command line, or too little memory at the moment. Otherwise the program or
    /// the folder is at fault.
    /// </summary>
    public static bool IsOfOneStart(int error) =>
        error is TooManyOpenFiles or NotEnoughMemory or OutOfMemory or NameTooLong or NoSystemResources or CommitmentLimit;
}
