using Switchyard.Core.Processes;
using Switchyard.Core.Transports.Callbacks;

namespace Switchyard.Core.Transports.Schedulers;

/// <summary>A worker of which there is its connection alone. It ends with that.</summary>
internal sealed class JobTransport(CallbackConnection connection, Func<byte[]> package) : IWorkerTransport
{
    private readonly ManualResetEventSlim _ended = new();

    public Stream Stream => connection.Stream;

    public string Description => $"worker on {connection.HostName}";

    public CrashMarker? CrashMarker => null;

    public string? HostName => connection.HostName;

    public Func<byte[]>? Package => package;

    public Action<string, bool>? OutputHandler { get; set; }

    // The scheduler does not tell how it ended.
    public bool IsLoss(ExitReason reason) => true;

    public void Kill() => Dispose();

    public void Release()
    {
    }

    public bool TryAwaitExit(TimeSpan timeout, out ExitReason reason)
    {
        reason = new ExitReason(-1);
        return _ended.Wait(timeout);
    }

    public IReadOnlyList<string> LastErrors() => [];

    public void Dispose()
    {
        connection.Stream.Dispose();
        _ended.Set();
    }
}
