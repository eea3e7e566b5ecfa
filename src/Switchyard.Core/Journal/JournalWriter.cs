using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Files;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal;

/// <summary>
/// Appends lines to a journal. Any thread may add; lines are gathered for a moment where they come fast, and are with the operating system
/// once <see cref="TryFlush"/> has returned.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    // A write costs as much as a trivial item, so items that take less than this share one.
    private static readonly long _longItem = Stopwatch.Frequency / 10_000;
    private static readonly long _longestWait = Stopwatch.Frequency / 1000;

    private const int FullBuffer = 16 * 1024;

    private readonly object _lock = new();
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly JournalLock _use;
    private readonly bool _syncs;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FullBuffer);
    private readonly JournalLineWriter _lines;
    private readonly object _syncLock = new();
    private long _length;
    private long _syncedLength;
    private long _oldest;
    private long _added;
    private long _written;
    private volatile JournalException? _failure;
    private int _pending;
    private bool _isClosed;

    public JournalWriter(string path, SafeFileHandle file, long length, JournalLock use, bool syncs)
    {
        _path = path;
        _file = file;
        _length = _syncedLength = length;
        _use = use;
        _syncs = syncs;
        _lines = new JournalLineWriter(_buffer);
    }

    /// <summary>Called once when nothing can be written any more, on the thread that notices.</summary>
    public Action<JournalException>? Failed { get; set; }

    /// <summary>The file that lines tell of, which must have what they do; null if none is.</summary>
    public OutputFile? Outputs { get; init; }

    /// <summary>The number of the last line that is with the operating system.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <returns>The line's number; of one that will never be written, a higher one than any.</returns>
    public long Add<T>(T what, Action<JournalLineWriter, T> write, long ticks)
    {
        JournalException? failure = null;
        long number;
        lock (_lock)
        {
            if (_failure is not null || _isClosed)
            {
                return long.MaxValue;
            }

            long now = Stopwatch.GetTimestamp();
            if (_buffer.WrittenCount == 0)
            {
                _oldest = now;
            }

            write(_lines, what);
            number = ++_added;
            Volatile.Write(ref _pending, _buffer.WrittenCount);
            if (ticks >= _longItem || _buffer.WrittenCount >= FullBuffer || now - _oldest >= _longestWait)
            {
                failure = WriteOut();
            }
        }

        Tell(failure);
        return number;
    }

    /// <summary>Writes everything that was added, so that it outlives this process; and with syncing, a crash of the machine.</summary>
    /// <returns>False if it is not, and will not be.</returns>
    public bool TryFlush()
    {
        if (Volatile.Read(ref _pending) > 0)
        {
            JournalException? failure;
            lock (_lock)
            {
                failure = _isClosed ? null : WriteOut();
            }

            Tell(failure);
        }

        return _failure is null && (!_syncs || TrySync());
    }

    /// <summary>Writes nothing more, as what the lines tell of cannot be written.</summary>
    public void Fail(Exception cause)
    {
        JournalException failure = new(JournalProblem.NotWritable, _path, cause.Message, inner: cause);
        lock (_lock)
        {
            if (_failure is not null || _isClosed)
            {
                return;
            }

            _failure = failure;
        }

        Tell(failure);
    }

    /// <summary>Writes the last lines, with all that was added before: nothing comes after them.</summary>
    /// <param name="makeLast">Makes them while nothing can be added.</param>
    public void EndWith(Func<IEnumerable<JournalEntry>> makeLast)
    {
        lock (_lock)
        {
            if (_failure is null && !_isClosed)
            {
                foreach (JournalEntry entry in makeLast())
                {
                    _lines.Write(entry);
                }

                WriteOut();
                _isClosed = true;
            }
        }
    }

    public void Dispose()
    {
        JournalException? failure;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            failure = WriteOut();
            _isClosed = true;
        }

        if (failure is null && _syncs)
        {
            TrySync();
        }

        lock (_syncLock)
        {
            _file.Dispose();
        }

        _lines.Dispose();
        _use.Dispose();
        Tell(failure);
    }

    private JournalException? WriteOut()
    {
        if (_buffer.WrittenCount == 0 || _failure is not null)
        {
            return null;
        }

        try
        {
            Outputs?.Flush();
            BusyFile.Use(() => RandomAccess.Write(_file, _buffer.WrittenSpan, _length));
            _length += _buffer.WrittenCount;
            _buffer.ResetWrittenCount();
            Volatile.Write(ref _pending, 0);
            Volatile.Write(ref _written, _added);
            return null;
        }
        catch (Exception exception) when (IsSystems(exception))
        {
            CutOff();
            return _failure = new JournalException(JournalProblem.NotWritable, _path, exception.Message, inner: exception);
        }
    }

    // The runtime reports a file that gets too long as a bad argument.
    private static bool IsSystems(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    // A disk that is full takes the beginning of a line: it would be in the middle once there is room again.
    private void CutOff()
    {
        try
        {
            RandomAccess.SetLength(_file, _length);
        }
        catch (Exception exception) when (IsSystems(exception))
        {
            // It is the last line all the same, and dropped when it is read.
            Debug.WriteLine(exception);
        }
    }

    // Threads that come while the disk is flushed share the next flush.
    private bool TrySync()
    {
        long wanted = Volatile.Read(ref _length);
        JournalException? failure = null;
        lock (_syncLock)
        {
            if (_syncedLength >= wanted || _file.IsClosed)
            {
                return _failure is null;
            }

            long reached = Volatile.Read(ref _length);
            try
            {
                Outputs?.FlushToDisk();
                RandomAccess.FlushToDisk(_file);
                _syncedLength = reached;
            }
            catch (Exception exception) when (IsSystems(exception))
            {
                failure = _failure = new JournalException(JournalProblem.NotWritable, _path, exception.Message, inner: exception);
                Volatile.Write(ref _written, 0);
            }
        }

        Tell(failure);
        return _failure is null;
    }

    private void Tell(JournalException? failure)
    {
        if (failure is not null)
        {
            Failed?.Invoke(failure);
        }
    }
}
