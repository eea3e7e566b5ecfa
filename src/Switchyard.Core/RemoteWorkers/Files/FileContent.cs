using System.Buffers.Binary;
using Switchyard.Core.Files;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>
/// A file on a stream: pieces of it, each after its length; 0 is the end, after which its time and its rights come. Instead of a piece there may be -1, and
/// a text that says what has gone wrong.
/// </summary>
internal static class FileContent
{
    private const int PieceLength = 64 * 1024;
    private const int MostText = 4096;

    /// <summary>Opens a file for sending.</summary>
    public static FileStream Open(string path) =>
        BusyFile.Use(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));

    /// <exception cref="IOException">It cannot be read, or the stream has ended.</exception>
    /// <exception cref="FileTransferException">It has changed meanwhile.</exception>
    public static void Send(Stream stream, FileStream file)
    {
        (long length, DateTime time) = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
        byte[] buffer = new byte[sizeof(int) + PieceLength];
        long sent = 0;
        int count;
        while ((count = file.Read(buffer, sizeof(int), PieceLength)) > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, count);
            stream.Write(buffer, 0, sizeof(int) + count);
            sent += count;
        }

        if (sent != length || File.GetLastWriteTimeUtc(file.SafeFileHandle) != time)
        {
            throw new FileTransferException(MessageText.Format(Messages.FileChanged, file.Name), isComing: false);
        }

        SendEnd(stream, time, OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(file.SafeFileHandle));
    }

    /// <summary>Sends what is no file.</summary>
    public static void Send(Stream stream, byte[] bytes)
    {
        WriteLength(stream, bytes.Length);
        stream.Write(bytes);
        SendEnd(stream, DateTime.UnixEpoch, 0);
    }

    public static void SendFailure(Stream stream, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message.Length > MostText / 4 ? message[..(MostText / 4)] : message);
        WriteLength(stream, -1);
        WriteLength(stream, text.Length);
        stream.Write(text);
    }

    /// <summary>Receives a file, and puts it in its place when all of it is there.</summary>
    /// <exception cref="IOException">It cannot be written, or the stream has ended.</exception>
    /// <exception cref="FileTransferException">The other side could not send it.</exception>
    public static void Receive(Stream stream, string path) => Put(ReceiveBeside(stream, path), path);

    /// <summary>Receives a file beside its place.</summary>
    /// <returns>What it is called there until <see cref="Put"/>.</returns>
    /// <exception cref="IOException">It cannot be written, or the stream has ended.</exception>
    /// <exception cref="FileTransferException">The other side could not send it.</exception>
    public static string ReceiveBeside(Stream stream, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.switchyard");
        try
        {
            DateTime time;
            int mode;
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                (time, mode) = Receive(stream, file);
            }

            if (!OperatingSystem.IsWindows() && mode != 0)
            {
                File.SetUnixFileMode(temporary, ModeOf((UnixFileMode)mode));
            }

            File.SetLastWriteTimeUtc(temporary, time);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Puts a file that was received in its place.</summary>
    public static void Put(string temporary, string path)
    {
        try
        {
            BusyFile.Replace(() => File.Move(temporary, path, overwrite: true));
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Receives what is sent as a file, and is none here.</summary>
    public static (DateTime Time, int Mode) Receive(Stream stream, Stream into)
    {
        byte[] buffer = new byte[PieceLength];
        int length;
        while ((length = ReadLength(stream)) != 0)
        {
            bool isFailure = length == -1;
            length = isFailure ? ReadLength(stream) : length;
            if (length < 0 || length > (isFailure ? MostText : PieceLength))
            {
                throw new IOException(Messages.TunnelFrameUnasked);
            }

            stream.ReadExactly(buffer, 0, length);
            if (isFailure)
            {
                throw new FileTransferException(Encoding.UTF8.GetString(buffer, 0, length), isComing: false);
            }

            into.Write(buffer, 0, length);
        }

        Span<byte> end = stackalloc byte[sizeof(long) + sizeof(int)];
        stream.ReadExactly(end);
        long ticks = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(end), DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);
        return (new DateTime(ticks, DateTimeKind.Utc), BinaryPrimitives.ReadInt32LittleEndian(end[sizeof(long)..]));
    }

    /// <summary>What its sender may read, write and run; others never write.</summary>
    public static UnixFileMode ModeOf(UnixFileMode mode) => (mode & (UnixFileMode)0b111_101_101) | UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static void SendEnd(Stream stream, DateTime time, int mode)
    {
        Span<byte> end = stackalloc byte[sizeof(int) + sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(end, 0);
        BinaryPrimitives.WriteInt64LittleEndian(end[sizeof(int)..], time.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(end[(sizeof(int) + sizeof(long))..], mode);
        stream.Write(end);
    }

    private static void WriteLength(Stream stream, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        stream.Write(bytes);
    }

    private static int ReadLength(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
