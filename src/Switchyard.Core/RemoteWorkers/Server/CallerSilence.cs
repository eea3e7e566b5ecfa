namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Finds that nothing has been heard of the caller for longer than it said it would be silent.</summary>
/// <param name="timeout">How long that may be; zero for ever.</param>
/// <param name="heardAt">When it was heard of last; zero if it was not.</param>
/// <param name="lost">Called then. On another thread.</param>
internal sealed class CallerSilence(Func<TimeSpan> timeout, Func<long> heardAt, Action lost) : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    private Timer? _timer;

    public void Start() => _timer = new Timer(_ => Check(), null, _period, _period);

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        long heard = heardAt();
        if (timeout() is var most && most > TimeSpan.Zero && heard != 0 && Stopwatch.GetElapsedTime(heard) > most)
        {
            lost();
        }
    }
}
