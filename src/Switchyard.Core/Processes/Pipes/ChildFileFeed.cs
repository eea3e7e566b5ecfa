using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Pipes;

/// <summary>Copies a file to a child's input, on a thread of its own.</summary>
internal static class ChildFileFeed
{
    private const int BufferSize = 64 * 1024;

    public static void Start(SafeFileHandle file, Stream stream, string name) =>
        new Thread(() => Copy(file, stream)) { IsBackground = true, Name = name }.Start();

    private static void Copy(SafeFileHandle file, Stream stream)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        try
        {
            using (stream)
            {
                long offset = 0;
                while (RandomAccess.Read(file, buffer, offset) is > 0 and int read)
                {
                    stream.Write(buffer, 0, read);
                    stream.Flush();
                    offset += read;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The child need not read to the end; a file that cannot be read ends where it cannot.
        }
    }
}
