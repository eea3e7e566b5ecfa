using System.Formats.Tar;
using System.IO.Compression;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>Many files on one stream, with their times and with what their owner may do with them.</summary>
internal static class FileArchive
{
    /// <summary>Opens a file as it was when it was found.</summary>
    /// <param name="mode">What others are to be allowed where it is received: never to write it.</param>
    /// <exception cref="FileTransferException">It has changed.</exception>
    public static FileStream Open(SentFile file, out UnixFileMode mode)
    {
        FileStream content = FileContent.Open(file.Source);
        if (content.Length != file.Length || File.GetLastWriteTimeUtc(content.SafeFileHandle).Ticks != file.Ticks)
        {
            content.Dispose();
            throw new FileTransferException(MessageText.Format(Messages.FileChanged, file.Source), isComing: false);
        }

        mode = FileContent.ModeOf(OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(content.SafeFileHandle));
        return content;
    }

    /// <exception cref="IOException">A file cannot be read, or the stream has ended; or <see cref="UnauthorizedAccessException"/>.</exception>
    /// <exception cref="FileTransferException">One has changed.</exception>
    public static void Write(Stream stream, IEnumerable<SentFile> files)
    {
        using GZipStream zip = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        using TarWriter archive = new(zip, TarEntryFormat.Pax);
        foreach (SentFile file in files)
        {
            using FileStream content = Open(file, out UnixFileMode mode);
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Target)
            {
                DataStream = content, Mode = mode, ModificationTime = new DateTime(file.Ticks, DateTimeKind.Utc),
            });
        }
    }

    /// <exception cref="IOException">A file cannot be written, or the stream has ended; or <see cref="UnauthorizedAccessException"/>.</exception>
    public static void Read(Stream stream, string folder)
    {
        Directory.CreateDirectory(folder);
        using GZipStream zip = new(stream, CompressionMode.Decompress, leaveOpen: true);
        TarFile.ExtractToDirectory(zip, folder, overwriteFiles: false);
    }
}
