using Switchyard.Errors;
using Switchyard.Items;

namespace Switchyard.Bodies;

/// <summary>A worker that runs items in a runspace, or with -FreshRunspace each in one of its own.</summary>
internal sealed class RunspaceWorker : IBatchWorker
{
    private readonly RunspaceWorkerFactory _factory;
    private readonly object _lock = new();
    private RunspaceSession? _session;
    private bool _stopped;

    public RunspaceWorker(RunspaceWorkerFactory factory) => _factory = factory;

    /// <inheritdoc/>
    public void Open(IItemSink sink)
    {
        if (!_factory.IsFresh)
        {
            OpenSession(sink);
        }
    }

    /// <inheritdoc/>
    public void Run(IItemSource source, IItemSink sink)
    {
        if (!_factory.IsFresh)
        {
            RunItems(source, sink);
            return;
        }

        while (source.TryTake(out BatchItem item))
        {
            OpenSession(sink);
            RunItems(new SingleItemSource(item), sink);
            CloseSession();
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        RunspaceSession? session;
        lock (_lock)
        {
            _stopped = true;
            session = _session;
        }

        session?.Stop();
    }

    /// <inheritdoc/>
    public void Abandon() => Current?.Dispose();

    /// <inheritdoc/>
    public void Dispose() => CloseSession();

    private RunspaceSession? Current
    {
        get
        {
            lock (_lock)
            {
                return _session;
            }
        }
    }

    private void OpenSession(IItemSink sink)
    {
        RunspaceSession session = _factory.OpenSession();
        lock (_lock)
        {
            _session = session;
            if (_stopped)
            {
                session.Stop();
            }
        }

        try
        {
            session.SetUp(_factory.Settings, _factory.ImportGate, sink);
        }
        catch (BatchException exception)
        {
            throw new WorkerStartException(exception.Message, exception) { Subject = exception.Record };
        }
    }

    private void RunItems(IItemSource source, IItemSink sink) =>
        Current?.RunItems(_factory.Body, _factory.Settings, source, sink);

    private void CloseSession()
    {
        RunspaceSession? session;
        lock (_lock)
        {
            session = _session;
            _session = null;
        }

        if (session is not null)
        {
            _factory.CloseSession(session);
        }
    }
}
