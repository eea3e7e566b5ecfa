using Switchyard.Errors;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Runspaces;

/// <summary>A worker that runs items in a runspace, or with -FreshRunspace each in one of its own.</summary>
internal sealed class RunspaceWorker : IBatchWorker
{
    private readonly RunspaceWorkerFactory _factory;
    private readonly object _lock = new();
    private RunspaceSession? _session;
    private bool _stopped;
    private volatile bool _isItemStopped;

    public RunspaceWorker(RunspaceWorkerFactory factory) => _factory = factory;

    public void Open(IItemSink sink)
    {
        if (!_factory.IsFresh)
        {
            OpenSession(sink);
        }
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        _isItemStopped = false;
        if (!_factory.IsFresh)
        {
            _session!.AllowItems();
            RunItems(source, sink);
            return;
        }

        while (source.TryTake(out BatchItem item))
        {
            if (!TryRunFresh(item, sink))
            {
                return;
            }
        }
    }

    public void Finish(IItemSink sink)
    {
        if (_session is null || _factory.Completion is null)
        {
            return;
        }

        CompletionSink completion = new(sink);
        sink.EnterUserCode();
        try
        {
            _session.RunItems(_factory.Completion, _factory.Settings, new SingleItemSource(default), completion, honoursRetryAfter: false, SessionErrors.CompletionFailed);
        }
        finally
        {
            sink.LeaveUserCode();
        }

        sink.EndSums(completion.End);
    }

    public void StopItem()
    {
        RunspaceSession? session;
        lock (_lock)
        {
            _isItemStopped = true;
            session = _session;
        }

        session?.StopItem(this);
    }

    public void Stop()
    {
        RunspaceSession? session;
        lock (_lock)
        {
            _stopped = true;
            session = _session;
        }

        session?.Stop(this);
    }

    public void Abandon()
    {
        RunspaceSession? session;
        lock (_lock)
        {
            session = _session;
        }

        if (session?.TryAbandon(this) == true)
        {
            // The item is over for all others, so nothing waits for its locks any more.
            HeldLocks.Of(session.Runspace).AbandonAll();

            // An open runspace that is busy holds the process open at its end; one that is being closed does not.
            session.Dispose();
        }
    }

    public void Dispose() => CloseSession();

    private void OpenSession(IItemSink sink)
    {
        RunspaceSession session = _factory.OpenSession();
        lock (_lock)
        {
            _session = session;
            session.UseFor(this);
            if (_stopped)
            {
                session.Stop(this);
            }

            if (_isItemStopped)
            {
                session.StopItem(this);
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

    /// <summary>Runs an item in a session of its own.</summary>
    /// <returns>False if the item was stopped: it may not have told of its end, so no other may be taken.</returns>
    private bool TryRunFresh(BatchItem item, IItemSink sink)
    {
        // The item has begun, but what runs first is not its code and must not be interrupted.
        sink.LeaveUserCode();
        try
        {
            OpenSession(sink);
            sink.EnterUserCode();
            RunItems(new SingleItemSource(item), sink);
            if (!_isItemStopped)
            {
                Finish(sink);
            }
        }
        catch (Exception) when (_isItemStopped)
        {
            // Stopped while its session was being made. How that went wrong then says nothing of the next one.
        }

        CloseSession();
        return !_isItemStopped;
    }

    // Only this thread sets the session, so only others need the lock to read it.
    private void RunItems(IItemSource source, IItemSink sink) =>
        _session!.RunItems(_factory.Body, _factory.Settings, source, sink, _factory.HonoursRetryAfter);

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
