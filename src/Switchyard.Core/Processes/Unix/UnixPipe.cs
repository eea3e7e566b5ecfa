namespace Switchyard.Core.Processes.Unix;

/// <summary>A pipe. Each of its ends is closed once, as its number may be another file's the moment after. Not thread-safe.</summary>
internal sealed class UnixPipe
{
    private int _read = -1;
    private int _write = -1;

    private UnixPipe()
    {
    }

    /// <summary>The end to read from; -1 once closed.</summary>
    public int ReadEnd => _read;

    /// <summary>The end to write to; -1 once closed.</summary>
    public int WriteEnd => _write;

    /// <returns>The pipe; null if there are no descriptors left.</returns>
    public static UnixPipe? TryOpen()
    {
        UnixPipe pipe = new();
        return UnixCalls.OpenPipe(out pipe._read, out pipe._write) == 0 ? pipe : null;
    }

    /// <summary>Gives the end to read from away.</summary>
    public int TakeRead() => Take(ref _read);

    /// <summary>Gives the end to write to away.</summary>
    public int TakeWrite() => Take(ref _write);

    public void CloseRead() => Close(ref _read);

    public void CloseWrite() => Close(ref _write);

    public void Close()
    {
        CloseRead();
        CloseWrite();
    }

    private static int Take(ref int descriptor)
    {
        int taken = descriptor;
        descriptor = -1;
        return taken;
    }

    private static void Close(ref int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = UnixCalls.Close(descriptor);
            descriptor = -1;
        }
    }
}
