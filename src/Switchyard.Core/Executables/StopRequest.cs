namespace Switchyard.Core.Executables;

/// <summary>Tells the thread that follows a child how soon the child has to be ended. Set on other threads.</summary>
internal sealed class StopRequest
{
    private readonly object _lock = new();
    private TimeSpan? _grace;
    private bool _isFinal;

    /// <summary>How long the child has from being asked to end until it is killed; null if it may go on.</summary>
    public TimeSpan? Grace
    {
        get
        {
            lock (_lock)
            {
                return _grace;
            }
        }
    }

    /// <summary>Whether nothing is to be started any more.</summary>
    public bool IsFinal
    {
        get
        {
            lock (_lock)
            {
                return _isFinal;
            }
        }
    }

    public void Set(TimeSpan grace, bool isFinal)
    {
        lock (_lock)
        {
            _grace = _grace is { } before && before < grace ? before : grace;
            _isFinal |= isFinal;
        }
    }

    /// <summary>The item that had to end has ended. What is final stays.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            if (!_isFinal)
            {
                _grace = null;
            }
        }
    }
}
