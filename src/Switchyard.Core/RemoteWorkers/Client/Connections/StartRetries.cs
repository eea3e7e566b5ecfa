using Switchyard.Core.Processes;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>
/// How often a worker that dies before it can run anything is started again: a few times, and for half a minute where it was killed,
/// which it does not do by itself.
/// </summary>
internal sealed class StartRetries
{
    private const int MostDeaths = 3;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    private readonly long _since = Stopwatch.GetTimestamp();
    private int _deaths;

    /// <summary>Takes note of a death.</summary>
    /// <param name="reason">How it died; null if it was never started, or is alive and not what was wanted.</param>
    public bool Allows(ExitReason? reason) => reason switch
    {
        null => false,
        { SignalName: "SIGKILL" or "SIGTERM" } => Stopwatch.GetElapsedTime(_since) < _longest,
        _ => ++_deaths < MostDeaths,
    };
}
