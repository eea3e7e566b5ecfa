namespace Switchyard.Core.SharedState;

/// <summary>Hands on what comes from either of two streams to the other, until one ends.</summary>
internal static class StreamRelay
{
    public static void Run(Stream one, Stream other)
    {
        Thread back = new(() => Copy(other, one)) { IsBackground = true, Name = "Switchyard relay" };
        back.Start();
        Copy(one, other);
        back.Join();
    }

    private static void Copy(Stream from, Stream to)
    {
        try
        {
            from.CopyTo(to);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Either end is gone, and so is the other.
            Debug.WriteLine(exception);
        }

        from.Dispose();
        to.Dispose();
    }
}
