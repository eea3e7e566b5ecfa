namespace Switchyard.Runspaces.Sessions;

/// <summary>
/// Stops what runs in a session, for the worker that has it and no other: a stop that was held up on its way would hit the batch that has the
/// session by then.
/// </summary>
internal sealed class SessionStops : IDisposable
{
    private readonly object _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private object? _user;
    private PowerShell? _running;
    private bool _isItemStopped;
    private bool _isCutOff;

    /// <summary>Cancelled when nothing more is to run.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether an item was stopped, and only that.</summary>
    public bool IsItemStopped
    {
        get
        {
            lock (_lock)
            {
                return _isItemStopped && !_stop.IsCancellationRequested;
            }
        }
    }

    public void UseFor(object user)
    {
        lock (_lock)
        {
            _user = user;
        }
    }

    /// <summary>The session was given back or abandoned.</summary>
    /// <returns>False if anything was stopped in it: what was cut off in the middle may have left anything behind.</returns>
    public bool TryRelease()
    {
        lock (_lock)
        {
            _user = null;
            return !_isCutOff;
        }
    }

    /// <summary>Takes the session from its worker, which will not give it back.</summary>
    /// <returns>False if it is another's by now.</returns>
    public bool TryAbandon(object user)
    {
        lock (_lock)
        {
            if (_user != user)
            {
                return false;
            }

            _user = null;
            return _isCutOff = true;
        }
    }

    /// <summary>Lets items run again after one was stopped; nothing that was to stop that one may still be on its way.</summary>
    public void AllowItems()
    {
        lock (_lock)
        {
            _isItemStopped = false;
        }
    }

    /// <summary>
    /// Stops the item that runs now, or the set-up that it waits for. Blocks until it has stopped; nothing runs any more until
    /// <see cref="AllowItems"/>.
    /// </summary>
    /// <param name="user">Whose item it is; nothing happens if the session is another's by now.</param>
    public void StopItem(object user) => StopFor(user, () => _isItemStopped = true);

    /// <summary>Stops what runs now, and all that would run after it. Blocks until it has stopped.</summary>
    /// <param name="user">Whose it is; nothing happens if the session is another's by now.</param>
    public void Stop(object user) => StopFor(user, _stop.Cancel);

    /// <exception cref="PipelineStoppedException">It was stopped before.</exception>
    public void Begin(PowerShell pipeline)
    {
        lock (_lock)
        {
            // A stopped pipeline may end as if nothing had been: what would come after it asks here.
            if (_stop.IsCancellationRequested || _isItemStopped)
            {
                throw new PipelineStoppedException();
            }

            _running = pipeline;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _running = null;
        }
    }

    public void Dispose() => _stop.Dispose();

    private void StopFor(object user, Action mark)
    {
        PowerShell? running;
        lock (_lock)
        {
            if (_user != user)
            {
                return;
            }

            _isCutOff = true;
            mark();
            running = _running;
        }

        try
        {
            running?.Stop();
        }
        catch (NullReferenceException)
        {
            // The engine's: it drops the handle that it is about to wait for when the pipeline ends at this very moment. It ended.
        }
    }
}
