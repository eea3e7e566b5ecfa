using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Files;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>
/// The file beside a journal that holds what items wrote. It is only added to; any thread may. What is in it counts once a line of the journal says
/// where, so that line is written after it. Who has the journal's lock has this one.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private const int FullBuffer = 64 * 1024;

    private readonly object _lock = new();
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[FullBuffer];
    private int _count;
    private long _length;
    private bool _isClosed;

    private OutputFile(SafeFileHandle file, long length)
    {
        _file = file;
        _length = length;
    }

    private static ReadOnlySpan<byte> Header => "switchyard outputs 1\n"u8;

    /// <summary>The name of the file that belongs to a journal.</summary>
    public static string PathOf(string journalPath) => journalPath + ".outputs";

    /// <summary>Opens the file of a journal that is locked, or makes it.</summary>
    /// <param name="end">Where what the journal tells of ends; 0 if it tells of nothing. What follows a run was writing when it was ended.</param>
    /// <exception cref="JournalException">It is not there, or is another file.</exception>
    public static OutputFile Open(string journalPath, long end)
    {
        string path = PathOf(journalPath);
        if (end > 0 && !File.Exists(path))
        {
            throw new JournalException(JournalProblem.OutputsMissing, path, journalPath);
        }

        SafeFileHandle file = BusyFile.Use(() => Open(path, journalPath));
        try
        {
            if (!IsOurs(file))
            {
                throw new JournalException(JournalProblem.NotOutputs, path, string.Empty);
            }

            // No line may tell of a place that is written again: where the file has lost its end, that stays a gap.
            long length = Math.Max(end, Header.Length);
            BusyFile.Use(() => RandomAccess.SetLength(file, length));
            BusyFile.Use(() => RandomAccess.Write(file, Header, 0));
            return new OutputFile(file, length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a chunk.</summary>
    /// <returns>Where it is.</returns>
    /// <exception cref="IOException">It cannot be written, as when the disk is full.</exception>
    public long Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            long at = _length + _count;
            if (_isClosed)
            {
                // Of a worker that comes too late: no line will tell of it.
                return at;
            }

            if (_count + header.Length + content.Length > FullBuffer)
            {
                WriteOut();
            }

            if (header.Length + content.Length > FullBuffer)
            {
                Write(header);
                Write(content);
                return at;
            }

            header.CopyTo(_buffer.AsSpan(_count));
            content.CopyTo(_buffer.AsSpan(_count + header.Length));
            _count += header.Length + content.Length;
            return at;
        }
    }

    /// <summary>Hands all that was added to the operating system.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            WriteOut();
        }
    }

    /// <summary>Has the disk hold what was handed to the operating system.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_file);

    /// <summary>Reads what an earlier run has written.</summary>
    /// <returns>False if there is not so much.</returns>
    public bool TryRead(Span<byte> into, long at)
    {
        while (into.Length > 0)
        {
            int read = RandomAccess.Read(_file, into, at);
            if (read == 0)
            {
                return false;
            }

            into = into[read..];
            at += read;
        }

        return true;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    // As others may or may not read the journal, so this.
    private static SafeFileHandle Open(string path, string journalPath)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (OperatingSystem.IsWindows() || File.Exists(path))
        {
            return File.OpenHandle(path, options.Mode, options.Access, options.Share);
        }

        options.UnixCreateMode = File.GetUnixFileMode(journalPath);
        using (new FileStream(path, options))
        {
            return File.OpenHandle(path, options.Mode, options.Access, options.Share);
        }
    }

    // What was cut off in the beginning may also be blank: the system had made room and not yet written.
    private static bool IsOurs(SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[Header.Length];
        start = start[..RandomAccess.Read(file, start, 0)];
        return Header.StartsWith(start) || start.IndexOfAnyExcept((byte)0) < 0;
    }

    private void WriteOut()
    {
        if (_count > 0)
        {
            int count = _count;
            BusyFile.Use(() => RandomAccess.Write(_file, _buffer.AsSpan(0, count), _length));
            _length += count;
            _count = 0;
        }
    }

    private void Write(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(_file, content, _length);
        _length += content.Length;
    }
}
