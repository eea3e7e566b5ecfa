namespace Switchyard.Runspaces;

/// <summary>
/// What a thread carries and code can change: cultures, principal and whatever else flows with the execution context; priority, name and
/// synchronization context. Looking takes a few nanoseconds.
/// </summary>
internal sealed class ThreadSettings
{
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly SynchronizationContext? _synchronization = SynchronizationContext.Current;
    private readonly ThreadPriority _priority;
    private readonly string? _name;

    /// <summary>Takes the current thread as it is.</summary>
    public ThreadSettings()
    {
        _priority = _thread.Priority;
        _name = _thread.Name;
    }

    /// <summary>Makes the thread what it was. On that thread.</summary>
    public void Restore()
    {
        if (_context is not null && !ReferenceEquals(ExecutionContext.Capture(), _context))
        {
            ExecutionContext.Restore(_context);
        }

        if (!ReferenceEquals(SynchronizationContext.Current, _synchronization))
        {
            SynchronizationContext.SetSynchronizationContext(_synchronization);
        }

        if (!ReferenceEquals(_thread.Name, _name))
        {
            _thread.Name = _name;
        }

        if (_thread.Priority != _priority)
        {
            _thread.Priority = _priority;
        }
    }
}
