using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>
/// Decides where files go: those below the caller's location keep their place relative to it, others go by their name alone. Used by the pipeline's thread.
/// </summary>
/// <param name="location">The caller's, a full path.</param>
internal sealed class FilePlan(string location)
{
    // Only those from outside can meet, and there may be millions of them.
    private readonly Dictionary<Int128, Int128> _outside = [];

    public string Location => location;

    /// <summary>Finds what is to be sent of a path: the file, or all files in the folder.</summary>
    /// <param name="path">Relative to the location, or full.</param>
    /// <exception cref="FileTransferException">There is none, or it cannot be looked at.</exception>
    public IEnumerable<SentFile> Find(string path)
    {
        if (path.Length == 0)
        {
            throw new FileTransferException(MessageText.Format(Messages.SendFileMissing, path), isComing: false);
        }

        string full = Path.GetFullPath(path, location);
        try
        {
            return Directory.Exists(full) ? [.. FilesOf(new DirectoryInfo(full), TargetOf(full))] : [Describe(full, TargetOf(full))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileTransferException(exception.Message, isComing: false, exception);
        }
    }

    /// <summary>Where a file goes in the working folder.</summary>
    public string TargetOf(string full) => TryGetBelow(full, location) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(full));

    /// <summary>Says where a file is put that an item makes.</summary>
    /// <param name="name">Relative to the working folder.</param>
    /// <param name="item">The full path of the item, if it is a file.</param>
    /// <exception cref="FileTransferException">It is outside of the working folder.</exception>
    public ReceivedFile Receive(string name, string? item)
    {
        // As it would be there: where the caller's location is does not matter.
        string root = Path.GetPathRoot(location)!;
        string imagined = Path.Combine(root, "work");
        if (Path.IsPathRooted(name) || TryGetBelow(Path.GetFullPath(name, imagined), imagined) is not { Length: > 0 } far)
        {
            throw new FileTransferException(MessageText.Format(Messages.ReceiveFileOutside, name), isComing: true);
        }

        if (item is null)
        {
            return new ReceivedFile(far, Path.GetFullPath(far, location));
        }

        // Beside the item: what the item's own folder is there counts from here.
        string folder = Path.GetDirectoryName(item)!;
        string there = Path.GetDirectoryName(TargetOf(item))!.Replace('\\', '/');
        string rest = there.Length > 0 && far.StartsWith(there + "/", StringComparison.Ordinal) ? far[(there.Length + 1)..] : far;
        return new ReceivedFile(far, Path.GetFullPath(rest, folder));
    }

    private static string? TryGetBelow(string full, string folder)
    {
        string relative = Path.GetRelativePath(folder, full);
        return relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? null
            : relative == "." ? string.Empty
            : OperatingSystem.IsWindows() ? relative.Replace('\\', '/')
            : relative;
    }

    private static Int128 HashOf(string text) => BinaryPrimitives.ReadInt128LittleEndian(SHA256.HashData(Encoding.Unicode.GetBytes(text)));

    private IEnumerable<SentFile> FilesOf(DirectoryInfo folder, string target)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            string below = target.Length == 0 ? entry.Name : $"{target}/{entry.Name}";
            if (entry is not DirectoryInfo inner)
            {
                yield return Describe(entry.FullName, below);
            }
            else if (inner.LinkTarget is null)
            {
                // A link may lead back to where it is.
                foreach (SentFile file in FilesOf(inner, below))
                {
                    yield return file;
                }
            }
        }
    }

    private SentFile Describe(string full, string target)
    {
        // Of a link what it leads to.
        FileInfo file = new(full);
        file = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        if (!file.Exists)
        {
            throw new FileTransferException(MessageText.Format(Messages.SendFileMissing, full), isComing: false);
        }

        if (TryGetBelow(full, location) is null)
        {
            Int128 source = HashOf(full);
            Int128 place = HashOf(target);
            if (!_outside.TryAdd(place, source) && _outside[place] != source)
            {
                throw new FileTransferException(MessageText.Format(Messages.SendFileNameTaken, full, target), isComing: false);
            }
        }

        return new SentFile(full, target, file.Length, file.LastWriteTimeUtc.Ticks);
    }
}
