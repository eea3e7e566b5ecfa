using System.IO.MemoryMappedFiles;

namespace Switchyard.Core.Transports;

/// <summary>
/// Two numbers in memory that the caller and a worker share: the item that the worker started last, and the one that it finished last.
/// The worker writes them, which costs it nothing, and they outlive it however it dies: so the right item is Crashed, although what the
/// worker had gathered of its items was not sent yet.
/// </summary>
internal sealed class CrashMarker : IDisposable
{
    private const int StartedOffset = 0;
    private const int FinishedOffset = 64;
    private const int Size = 128;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private CrashMarker(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, Size, MemoryMappedFileAccess.ReadWrite);
    }

    /// <summary>The item that was started last: its id; 0 if none was.</summary>
    public long Started => _view.ReadInt64(StartedOffset);

    public long Finished => _view.ReadInt64(FinishedOffset);

    /// <summary>The item that was running when last seen; 0 if none was.</summary>
    public long Running => Started > Finished ? Started : 0;

    /// <summary>Where a new one can be: a name of memory that only this user can open on Windows, elsewhere a file.</summary>
    /// <param name="folder">A folder that only this user can enter; null if there is none.</param>
    /// <returns>Null if there is no such place.</returns>
    public static string? PlaceIn(string? folder) => OperatingSystem.IsWindows() ? "switchyard-" + Guid.NewGuid().ToString("N")
        : folder is null ? null
        : Path.Combine(folder, "running");

    /// <param name="place">Where nothing is yet.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static CrashMarker Create(string place)
    {
        if (OperatingSystem.IsWindows())
        {
            return new CrashMarker(MemoryMappedFile.CreateNew(place, Size));
        }

        FileStream file = new(place, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            // On a full disk this fails here. Memory of a file that has no room would end the process that touches it.
            file.Write(new byte[Size]);
            file.Flush();
            return Map(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens one that the caller has made.</summary>
    /// <returns>The marker; null if it is no longer there, as something has cleaned its folder up.</returns>
    public static CrashMarker? TryOpen(string place)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? new CrashMarker(MemoryMappedFile.OpenExisting(place))
                : Map(new FileStream(place, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(exception);
            return null;
        }
    }

    public void Start(long item) => _view.Write(StartedOffset, item);

    /// <summary>An item was finished, and what it wrote is safe.</summary>
    public void Finish(long item) => _view.Write(FinishedOffset, item);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static CrashMarker Map(FileStream file) =>
        new(MemoryMappedFile.CreateFromFile(file, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false));
}
