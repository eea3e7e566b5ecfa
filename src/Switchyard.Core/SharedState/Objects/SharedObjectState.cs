namespace Switchyard.Core.SharedState.Objects;

/// <summary>What all shared objects have in the process that holds them: a name, a lock, an end.</summary>
/// <param name="name">What it is called in messages; empty for nothing.</param>
internal abstract class SharedObjectState(SharedKind kind, string name) : IDisposable
{
    private volatile bool _isDisposed;

    public SharedKind Kind { get; } = kind;

    /// <summary>What it is called in messages; empty for nothing.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is no more.</summary>
    internal bool IsDisposed => _isDisposed;

    /// <summary>Guards what the object holds, and is pulsed when that changes.</summary>
    private protected object Gate { get; } = new();

    public static string Describe(SharedKind kind, string name)
    {
        string word = kind switch
        {
            SharedKind.Queue => Messages.SharedQueueWord,
            SharedKind.Dictionary => Messages.SharedDictionaryWord,
            SharedKind.Counter => Messages.SharedCounterWord,
            _ => Messages.SharedLockWord,
        };
        return string.IsNullOrEmpty(name) ? word : $"{word} '{name}'";
    }

    /// <summary>Says that the object is no more.</summary>
    public static ObjectDisposedException DisposedError(SharedKind kind, string name) =>
        new(null, MessageText.Format(Messages.SharedObjectDisposed, Describe(kind, name)));

    /// <summary>Ends the object; waits for it end with an exception.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            Monitor.PulseAll(Gate);
        }

        OnDisposed();
        GC.SuppressFinalize(this);
    }

    /// <summary>Tells those who do not wait on the lock.</summary>
    private protected virtual void OnDisposed()
    {
    }

    /// <summary>Refuses to go on with an object that is no more.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    private protected void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            throw DisposedError(Kind, Name);
        }
    }
}
