using System.Buffers.Binary;
using System.Security.Cryptography;
using Switchyard.Core.Files;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>
/// Where a far worker's items run: the folder that their files are sent to and made in. Other workers of the machine may use it at the same time, unless an item
/// may run twice: then it is one of the worker's own in that. Used by the thread that runs items.
/// </summary>
/// <param name="open">Opens a stream to the files of the caller.</param>
internal sealed class WorkFolder(TransferOptions options, Func<Stream> open) : IDisposable
{
    // So that workers seldom wait for each other's files, and not each file has a lock of its own.
    private const int LockCount = 64;

    private readonly string _locks = PlaceOf(options) + ".locks";
    private readonly byte[] _request = new byte[FileService.RequestLength];
    private FileStream? _user;
    private Stream? _stream;

    public string Path { get; } = options.IsTwofold ? System.IO.Path.Combine(PlaceOf(options), $"{Guid.NewGuid():N}") : PlaceOf(options);

    /// <summary>Makes the folder, and gets what all items need.</summary>
    /// <exception cref="FileTransferException">It cannot be made, or something cannot be got.</exception>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(Path);
            Directory.CreateDirectory(_locks);

            // One in which nothing can be made is found now, and not by each item.
            new FileStream(PathOf($".{Guid.NewGuid():N}.switchyard"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();

            // A process that has it locked uses the folder; the system unlocks it when the process has ended.
            _user = new FileStream($"{_locks}/{Environment.ProcessId}-{Guid.NewGuid():N}.user", FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(Messages.WorkFolderNotMade, Path, exception, isComing: false);
        }

        Get(options.Base);
    }

    /// <summary>Gets what an item needs and is not there.</summary>
    /// <exception cref="FileTransferException">Something cannot be got.</exception>
    public void Get(ItemFiles files)
    {
        for (int i = 0; i < files.Sent.Count; i++)
        {
            SentFile file = files.Sent[i];
            try
            {
                string path = PathOf(file.Target);
                if (!IsThere(path, files.Number, i, file))
                {
                    using FileStream mine = Lock(file.Target);
                    if (!IsThere(path, files.Number, i, file))
                    {
                        Ask(FileRequest.Get, files.Number, i);
                        FileContent.Receive(_stream!, path);
                    }
                }
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                HangUp();
                throw Failure(Messages.FileNotSent, file.Target, exception, isComing: false);
            }
        }
    }

    /// <summary>Brings back what an item has made.</summary>
    /// <exception cref="FileTransferException">Something is not there, or cannot be brought.</exception>
    public void Put(ItemFiles files)
    {
        for (int i = 0; i < files.Received.Count; i++)
        {
            string name = files.Received[i].Name;
            try
            {
                string path = PathOf(name);
                if (!File.Exists(path))
                {
                    throw new FileNotFoundException(MessageText.Format(Messages.ReceiveFileMissing, Path));
                }

                using FileStream file = FileContent.Open(path);
                Ask(FileRequest.Put, files.Number, i);
                FileContent.Send(_stream!, file);
                if (_stream!.ReadByte() != 0)
                {
                    throw new EndOfStreamException(Messages.ConnectionEnded);
                }
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                HangUp();
                throw Failure(Messages.FileNotReceived, name, exception, isComing: true);
            }
        }
    }

    /// <summary>An item has ended: removes what was sent and made for it, if that is wanted.</summary>
    public void Clean(ItemFiles files)
    {
        if (options.CleansUp)
        {
            Remove(files);
        }
    }

    /// <summary>The batch is over here.</summary>
    public void Dispose()
    {
        HangUp();
        if (_user is not { } user)
        {
            return;
        }

        user.Dispose();
        TryDo(() => File.Delete(user.Name));
        if (options.IsTwofold)
        {
            TryDo(() => Directory.Delete(Path, recursive: true));
        }

        if (!(options.CleansUp || options.IsTwofold) || AreOthersHere())
        {
            return;
        }

        if (options.Folder is null)
        {
            // Also what workers have left that were killed.
            TryDo(() => Directory.Delete(PlaceOf(options), recursive: true));
        }
        else
        {
            // The user's own folder, in which there may be more.
            Remove(options.Base);
        }

        TryDo(() => Directory.Delete(_locks, recursive: true));
    }

    public string PathOf(string name) => System.IO.Path.GetFullPath(name, Path);

    private static string PlaceOf(TransferOptions options)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return options.Folder switch
        {
            null => System.IO.Path.Combine(home, ".cache", "switchyard", "work", options.FolderName),
            "~" => home,
            ['~', '/', .. var rest] => System.IO.Path.Combine(home, rest),
            { } folder => System.IO.Path.GetFullPath(folder, home),
        };
    }

    private static bool IsFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or FileTransferException or ObjectDisposedException or ArgumentException or ThreadInterruptedException;

    private static FileTransferException Failure(string format, string name, Exception cause, bool isComing) =>
        new(MessageText.Format(format, name, Environment.MachineName, cause is ThreadInterruptedException ? Messages.FileInterrupted : cause.Message), isComing, cause);

    private static void TryDo(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or still in use, and then stays.
            Debug.WriteLine(exception);
        }
    }

    private bool AreOthersHere()
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(_locks, "*.user"))
            {
                // One that can be opened is of a process that is gone.
                new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
            }

            return false;
        }
        catch (DirectoryNotFoundException)
        {
            // Removed by the last one, or by this one before.
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private bool IsThere(string path, long item, int number, SentFile file)
    {
        FileInfo here = new(path);
        if (!here.Exists || here.Length != file.Length)
        {
            return false;
        }

        if (here.LastWriteTimeUtc.Ticks == file.Ticks)
        {
            return true;
        }

        Ask(FileRequest.Hash, item, number);
        using MemoryStream wanted = new();
        FileContent.Receive(_stream!, wanted);
        using FileStream content = FileContent.Open(path);
        bool isSame = wanted.ToArray().AsSpan().SequenceEqual(SHA256.HashData(content));
        if (isSame)
        {
            File.SetLastWriteTimeUtc(path, new DateTime(file.Ticks, DateTimeKind.Utc));
        }

        return isSame;
    }

    // Of all workers of the machine.
    private FileStream Lock(string target) => FileLock.Take($"{_locks}/{SHA256.HashData(Encoding.UTF8.GetBytes(target))[0] % LockCount}");

    private void Ask(FileRequest request, long item, int number)
    {
        _stream ??= open();
        _request[0] = (byte)request;
        BinaryPrimitives.WriteInt64LittleEndian(_request.AsSpan(1), item);
        BinaryPrimitives.WriteInt32LittleEndian(_request.AsSpan(1 + sizeof(long)), number);
        _stream.Write(_request);
    }

    // After a failure it is not known what comes next on it.
    private void HangUp()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void Remove(ItemFiles files)
    {
        foreach (string name in files.Sent.Select(file => file.Target).Concat(files.Received.Select(file => file.Name)))
        {
            string path = PathOf(name);
            TryDo(() => File.Delete(path));
            for (string folder = System.IO.Path.GetDirectoryName(path)!;
                folder.Length > Path.Length && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any();
                folder = System.IO.Path.GetDirectoryName(folder)!)
            {
                TryDo(() => Directory.Delete(folder));
            }
        }
    }
}
