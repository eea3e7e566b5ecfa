using System.Security.Cryptography;
using Switchyard.Core.Files;

namespace Switchyard.Core.Journal;

/// <summary>
/// Keeps other writers from a journal by locking a file beside it, as a file that others may read cannot be locked on every system. The operating
/// system releases it when the process ends, however it ends.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private const int MaxLength = 4096;
    private const int MaxTries = 100;

    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a journal.</summary>
    /// <returns>The lock; null if another run has it.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be made.</exception>
    public static JournalLock? TryTake(string journalPath)
    {
        string path = journalPath + ".lock";
        for (int i = 0; i < MaxTries; i++)
        {
            if (TryOpen(path) is not { } file)
            {
                return null;
            }

            // Between the two steps of opening it and locking it, the one before may have removed it on leaving: then what is locked is no
            // file any more, and another may already lock the next.
            bool isTaken = false;
            try
            {
                isTaken = OperatingSystem.IsWindows() || IsAt(file, path);
                if (isTaken)
                {
                    return new JournalLock(file);
                }
            }
            finally
            {
                if (!isTaken)
                {
                    file.Dispose();
                }
            }
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // On Windows a scanner may have it open for a moment, or its holder may be about to end.
            return OperatingSystem.IsWindows() ? BusyFile.Replace(() => OpenAlone(path)) : OpenAlone(path);
        }
        catch (IOException exception) when (
            exception is not DirectoryNotFoundException and not FileNotFoundException and not PathTooLongException && File.Exists(path))
        {
            return null;
        }
    }

    private static FileStream OpenAlone(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    // By its length, which can be asked for without opening the file: the lock that is held would refuse that.
    private static bool IsAt(FileStream file, string path)
    {
        int length = RandomNumberGenerator.GetInt32(1, MaxLength);
        file.SetLength(length);
        FileInfo there = new(path);
        return there.Exists && there.Length == length;
    }
}
