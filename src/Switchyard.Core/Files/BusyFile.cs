namespace Switchyard.Core.Files;

/// <summary>
/// Does what fails while another process has the file open. On Windows a virus scanner, an indexer or a backup does so for a moment with whatever was just
/// written; elsewhere only runtimes such as this one keep each other out.
/// </summary>
internal static class BusyFile
{
    private const int AccessDenied = unchecked((int)0x80070005);
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int DeletePending = unchecked((int)0x8007012F);
    private const int MappedByAnother = unchecked((int)0x800704C8);

    // What flock(2) says: EWOULDBLOCK.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    // 1.3 s in all: long against a scanner, short against a person.
    private static readonly int[] _pauses = [5, 10, 20, 40, 80, 160, 320, 640];

    /// <summary>Opens, reads or writes.</summary>
    public static T Use<T>(Func<T> use) => Retry(use, IsBusy, Thread.Sleep);

    public static void Use(Action use) => Use(() =>
    {
        use();
        return true;
    });

    /// <summary>Makes, replaces, moves or removes: Windows denies that of a file that is open, and of one that is not quite gone yet.</summary>
    public static T Replace<T>(Func<T> replace) => Retry(replace, IsBusyOrDenied, Thread.Sleep);

    public static void Replace(Action replace) => Replace(() =>
    {
        replace();
        return true;
    });

    /// <param name="pause">Waits for so many milliseconds.</param>
    internal static T Retry<T>(Func<T> act, Func<Exception, bool> isBusy, Action<int> pause)
    {
        for (int i = 0; i < _pauses.Length; i++)
        {
            try
            {
                return act();
            }
            catch (Exception exception) when (isBusy(exception))
            {
                pause(_pauses[i]);
            }
        }

        return act();
    }

    internal static bool IsBusy(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult is SharingViolation or LockViolation or DeletePending or MappedByAnother
        : exception.HResult == (OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock));

    internal static bool IsBusyOrDenied(Exception exception) =>
        IsBusy(exception) || (OperatingSystem.IsWindows() && exception is UnauthorizedAccessException { HResult: AccessDenied });
}
