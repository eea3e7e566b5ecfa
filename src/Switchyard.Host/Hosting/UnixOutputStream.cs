using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Switchyard.Host.Hosting;

/// <summary>
/// Writes to standard output or error and tells when its reader is gone. .NET's own console stream says nothing then, so that
/// <c>script | head -1</c> would go on for as long as the script does; a file stream keeps a position of its own, which
/// would overwrite what child processes write to the same file.
/// </summary>
internal sealed partial class UnixOutputStream(int descriptor, Action readerGone) : Stream
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const short Writable = 4;
    private bool _readerGone;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !_readerGone)
        {
            nint written = WriteBytes(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
            {
                _readerGone = true;
                readerGone();
            }
            else if (error == TryAgain)
            {
                // Somebody who shares the pipe made it non-blocking.
                var descriptors = new PollDescriptor { Descriptor = descriptor, Events = Writable };
                _ = Poll(ref descriptors, 1, -1);
            }
            else if (error != Interrupted)
            {
                throw new IOException(new Win32Exception(error).Message);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static int TryAgain => OperatingSystem.IsLinux() ? 11 : 35;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
