namespace Switchyard.Engine;

/// <summary>
/// Ends what feeds a command that wants no more, and lets what it feeds go on, as <c>Select-Object -First</c> does. Where the engine has lost
/// the exception for it, the input is read to its end and dropped, but only for some time: it may have none.
/// </summary>
internal sealed class UpstreamStop
{
    private static readonly TimeSpan _longestRead = TimeSpan.FromSeconds(5);

    private readonly Cmdlet _command;
    private Stopwatch? _reading;

    public UpstreamStop(Cmdlet command) => _command = command;

    /// <summary>Ends what feeds the command, by throwing.</summary>
    /// <returns>True where the engine cannot do that, and the input is to be read on; false where it was for too long, and the command has to end with an error.</returns>
    public bool TryStop()
    {
        if (EngineMembers.StopUpstream.Info?.Invoke([_command]) is Exception stop)
        {
            throw stop;
        }

        _reading ??= Stopwatch.StartNew();
        return _reading.Elapsed < _longestRead;
    }
}
