using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Processes.Unix;

/// <summary>
/// A pipe to read from and one to write to, as one stream. Unlike a file's, its reads and writes end when it is disposed of: the other ends may be held by
/// what this process cannot end.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixPipeStream : TwoWayStream
{
    // As long as a socket of ours waits for a process that takes nothing.
    private const int StallMilliseconds = 30_000;

    private readonly SafeFileHandle _read;
    private readonly SafeFileHandle _write;
    private readonly SafeFileHandle _wakeRead;
    private readonly SafeFileHandle _wakeWrite;
    private volatile int _isDisposed;

    /// <summary>Takes both descriptors, of which the second does not block.</summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public UnixPipeStream(int read, int write)
    {
        _read = new SafeFileHandle(read, ownsHandle: true);
        _write = new SafeFileHandle(write, ownsHandle: true);
        if (UnixPipe.TryOpen() is not { } wake)
        {
            int error = UnixCalls.Error;
            _read.Dispose();
            _write.Dispose();
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }

        _wakeRead = new SafeFileHandle(wake.TakeRead(), ownsHandle: true);
        _wakeWrite = new SafeFileHandle(wake.TakeWrite(), ownsHandle: true);
    }

    public override int Read(Span<byte> buffer)
    {
        using Use use = new(this, _read);
        while (true)
        {
            use.Await(UnixCalls.PollIn, Timeout.Infinite);
            fixed (byte* start = buffer)
            {
                nint read = UnixCalls.Read(use.Descriptor, start, (nuint)buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }
            }

            ThrowUnlessTemporary();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        using Use use = new(this, _write);
        while (buffer.Length > 0)
        {
            fixed (byte* start = buffer)
            {
                nint written = UnixCalls.Write(use.Descriptor, start, (nuint)buffer.Length);
                if (written > 0)
                {
                    buffer = buffer[(int)written..];
                    continue;
                }
            }

            ThrowUnlessTemporary();
            use.Await(UnixCalls.PollOut, StallMilliseconds);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            // Its end wakes the threads that wait. What is in use is closed by its user.
            _wakeWrite.Dispose();
            _write.Dispose();
            _read.Dispose();
            _wakeRead.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void ThrowUnlessTemporary()
    {
        int error = UnixCalls.Error;
        if (error != UnixCalls.Interrupted && error != UnixCalls.TryAgainLater)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <summary>Keeps the descriptors from being closed, and their numbers from being another file's, while one is used.</summary>
    private readonly ref struct Use
    {
        private readonly UnixPipeStream _stream;
        private readonly SafeFileHandle _handle;

        public Use(UnixPipeStream stream, SafeFileHandle handle)
        {
            (_stream, _handle) = (stream, handle);
            bool isHeld = false;
            handle.DangerousAddRef(ref isHeld);
            try
            {
                stream._wakeRead.DangerousAddRef(ref isHeld);
            }
            catch (ObjectDisposedException)
            {
                handle.DangerousRelease();
                throw;
            }
        }

        public int Descriptor => (int)_handle.DangerousGetHandle();

        /// <exception cref="ObjectDisposedException">The stream was disposed of.</exception>
        /// <exception cref="IOException">Nothing happened for so long.</exception>
        public void Await(short events, int milliseconds)
        {
            PollEntry* entries = stackalloc PollEntry[2];
            entries[0] = new PollEntry { Descriptor = Descriptor, Events = events };
            entries[1] = new PollEntry { Descriptor = (int)_stream._wakeRead.DangerousGetHandle(), Events = UnixCalls.PollIn };
            int ready = UnixCalls.Poll(entries, 2, milliseconds);
            ObjectDisposedException.ThrowIf(entries[1].Happened != 0 || _stream._isDisposed != 0, _stream);
            if (ready == 0)
            {
                throw new IOException(Messages.NothingTaken);
            }
        }

        public void Dispose()
        {
            _stream._wakeRead.DangerousRelease();
            _handle.DangerousRelease();
        }
    }
}
