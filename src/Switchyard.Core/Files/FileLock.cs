namespace Switchyard.Core.Files;

/// <summary>A file that one process has open at a time, so that others of the machine wait for what it does. It ends with the process at the latest.</summary>
internal static class FileLock
{
    private const int PauseMilliseconds = 20;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream Take(string path, FileOptions options = FileOptions.None) => TryTake(path, Timeout.InfiniteTimeSpan, options)!;

    /// <summary>Waits no longer than so long; null if others had it all that time.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileStream? TryTake(string path, TimeSpan timeout, FileOptions options = FileOptions.None)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, options);
            }
            catch (IOException exception) when (BusyFile.IsBusy(exception))
            {
                if (timeout >= TimeSpan.Zero && Stopwatch.GetElapsedTime(start) >= timeout)
                {
                    return null;
                }

                // There is no waiting for a file's lock but by asking.
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
