using Switchyard.Core.Files;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>
/// The modules that callers from other machines have sent, for all workers of this one: each in a folder of its hash, whole or not at all. Those that were not
/// used for a month go when another comes.
/// </summary>
/// <param name="root">The folder of those folders, in which builds of this module are, too.</param>
/// <param name="open">Opens a stream to the caller on which a module comes, by its hash.</param>
internal sealed class ModuleCache(string root, Func<string, Stream> open)
{
    private static readonly TimeSpan _kept = TimeSpan.FromDays(30);

    /// <summary>Gets a module that is not there yet.</summary>
    /// <returns>The folder in which it is by its name.</returns>
    /// <exception cref="IOException">It cannot be had or kept; or <see cref="UnauthorizedAccessException"/>.</exception>
    public string Get(string name, string hash)
    {
        string folder = Path.Combine(root, hash);
        if (!TryUse(folder))
        {
            using FileStream mine = FileLock.Take($"{folder}.lock", FileOptions.DeleteOnClose);
            if (!TryUse(folder))
            {
                Receive(name, hash, folder);
            }
        }

        return folder;
    }

    private void Receive(string name, string hash, string folder)
    {
        string own = Path.Combine(root, $".{Guid.NewGuid():N}");
        try
        {
            using (Stream stream = open(hash))
            {
                FileArchive.Read(stream, Path.Combine(own, name));
            }

            BusyFile.Replace(() => Directory.Move(own, folder));
            RemoveOld();
        }
        finally
        {
            TryRemove(own);
        }
    }

    private static bool TryUse(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        try
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It was kept by another user, or goes a little early.
            Debug.WriteLine(exception);
        }

        return true;
    }

    private void RemoveOld()
    {
        foreach (string folder in Directory.EnumerateDirectories(root).Where(folder => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > _kept))
        {
            TryRemove(folder);
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or still in use; a later clean-up removes it.
            Debug.WriteLine(exception);
        }
    }
}
