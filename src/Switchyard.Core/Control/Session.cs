namespace Switchyard.Core.Control;

/// <summary>A process of this user that runs batches.</summary>
/// <param name="Folder">Its private folder, where it can be asked.</param>
internal sealed record Session(int ProcessId, string Folder)
{
    // A session that is held by a debugger or by a stop accepts, and does not answer.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>Whether it is still there.</summary>
    public bool Exists => Directory.Exists(Folder);

    /// <summary>Asks it something.</summary>
    /// <returns>The answer; null where it has ended, or is of another version.</returns>
    /// <exception cref="IOException">It is there, and does not answer.</exception>
    public ControlReply? Ask(in ControlRequest request)
    {
        if (SessionFile.Await(Folder, _patience) is not { } endpoint)
        {
            return null;
        }

        try
        {
            using ControlConnection connection = ControlConnection.Open(endpoint, _patience);
            return connection.Ask(request);
        }
        catch (IOException) when (!Exists)
        {
            // Its last batch has just ended.
            return null;
        }
    }
}
