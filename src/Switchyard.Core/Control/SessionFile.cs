using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>
/// The files in a session's private folder by which others find it. One says where it listens: who can read it may ask. It is empty until somebody has asked, by another
/// file, for the session to listen: so a session that nobody looks at has a folder, and nothing else.
/// </summary>
internal static class SessionFile
{
    public const string Name = "batches";
    private const string AskedName = "asked";

    // Of the file, and of all that is said over the connection that it leads to.
    private const byte Version = 1;
    private const int MaxLength = 4096;

    private static readonly TimeSpan _lookInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Says that there is a session, which does not listen yet.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteEmpty(string folder) => File.WriteAllBytes(Path.Combine(folder, Name), []);

    /// <summary>Says where it listens, so that whoever sees it sees it whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string folder, LocalEndpoint endpoint)
    {
        WireWriter writer = new();
        writer.WriteByte(Version);
        endpoint.Write(writer);
        string path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".new", writer.ToArray());
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Whether somebody has asked for the session to listen.</summary>
    public static bool IsAsked(string folder) => File.Exists(Path.Combine(folder, AskedName));

    /// <summary>Finds out where a session listens, and asks it to if it does not yet.</summary>
    /// <param name="patience">How long to wait until it does.</param>
    /// <returns>Where; null where that is of another version, or the session has ended.</returns>
    /// <exception cref="IOException">It does not begin to listen.</exception>
    public static LocalEndpoint? Await(string folder, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        bool hasAsked = false;
        while (true)
        {
            try
            {
                byte[] content = File.ReadAllBytes(Path.Combine(folder, Name));
                if (content.Length > 0)
                {
                    WireReader reader = new();
                    reader.Reset(content, 0, Math.Min(content.Length, MaxLength), []);
                    return reader.ReadByte() == Version ? LocalEndpoint.Read(reader) : null;
                }

                if (!hasAsked)
                {
                    Ask(Path.Combine(folder, AskedName));
                    hasAsked = true;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or MalformedFrameException)
            {
                // Gone, or of no session.
                return null;
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new IOException(Messages.SessionSilent);
            }

            // It looks a few times a second.
            Thread.Sleep(_lookInterval);
        }
    }

    // Never by a name that is there already: it may be a link to something else.
    private static void Ask(string path)
    {
        try
        {
            new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (IOException) when (Path.Exists(path))
        {
            // Somebody else has asked.
        }
    }
}
