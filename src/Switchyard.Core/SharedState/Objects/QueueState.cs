using Switchyard.Core.Queues;

namespace Switchyard.Core.SharedState.Objects;

/// <summary>A queue in the process that holds it.</summary>
internal sealed class QueueState : SharedObjectState, IQueue, IInputSource
{
    private readonly RingBuffer<object?> _elements = new(16);
    private int _takers;
    private int _putters;
    private int _unfinished;
    private bool _isCompleted;
    private Action? _changed;

    /// <summary>Makes an empty one.</summary>
    /// <param name="capacity">The most elements that wait; 0 for as many as come.</param>
    public QueueState(string name, int capacity)
        : base(SharedKind.Queue, name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
    }

    public event Action Changed
    {
        add
        {
            lock (Gate)
            {
                _changed += value;
            }
        }

        remove
        {
            lock (Gate)
            {
                _changed -= value;
            }
        }
    }

    public int Capacity { get; }

    public int Count
    {
        get
        {
            lock (Gate)
            {
                ThrowIfDisposed();
                return _elements.Count;
            }
        }
    }

    public bool IsCompleted
    {
        get
        {
            lock (Gate)
            {
                ThrowIfDisposed();
                return HasEndedLocked;
            }
        }
    }

    public bool HasEnded => IsCompleted;

    public bool IsReady
    {
        get
        {
            lock (Gate)
            {
                return IsDisposed || _elements.Count > 0 || HasEndedLocked;
            }
        }
    }

    private bool HasEndedLocked => _isCompleted && _elements.Count == 0 && _unfinished == 0;

    public bool TryEnqueue(object? value, in WaitLimit limit)
    {
        Action? changed;
        lock (Gate)
        {
            while (true)
            {
                ThrowIfDisposed();
                if (_isCompleted && _unfinished == 0)
                {
                    throw new InvalidOperationException(MessageText.Format(Messages.SharedQueueCompleted, Describe(Kind, Name)));
                }

                if (Capacity == 0 || _elements.Count < Capacity)
                {
                    break;
                }

                _putters++;
                try
                {
                    if (!limit.TryWait(Gate))
                    {
                        return false;
                    }
                }
                finally
                {
                    _putters--;
                }
            }

            _elements.AddLast(value);
            WakeTaker();
            changed = _changed;
        }

        changed?.Invoke();
        return true;
    }

    public bool TryDequeue(out object? value, in WaitLimit limit)
    {
        lock (Gate)
        {
            while (true)
            {
                ThrowIfDisposed();
                if (TryRemoveLocked(out value))
                {
                    return true;
                }

                if (HasEndedLocked)
                {
                    return false;
                }

                _takers++;
                try
                {
                    if (!limit.TryWait(Gate))
                    {
                        return false;
                    }
                }
                finally
                {
                    _takers--;
                }
            }
        }
    }

    public void Complete()
    {
        Action? changed;
        lock (Gate)
        {
            ThrowIfDisposed();
            _isCompleted = true;
            Monitor.PulseAll(Gate);
            changed = _changed;
        }

        changed?.Invoke();
    }

    /// <summary>Puts an element back that was taken and has not arrived: before all others, and over the capacity if need be.</summary>
    public void PutBack(object? value)
    {
        Action? changed;
        lock (Gate)
        {
            _elements.AddFirst(value);
            WakeTaker();
            changed = _changed;
        }

        changed?.Invoke();
    }

    public bool TryTake(out object? item)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            if (!TryRemoveLocked(out item))
            {
                return false;
            }

            _unfinished++;
            return true;
        }
    }

    public void NoteDone() => Finish(isReturned: false, null);

    public void Return(object? item) => Finish(isReturned: true, item);

    private protected override void OnDisposed() => _changed?.Invoke();

    private void Finish(bool isReturned, object? item)
    {
        Action? changed;
        lock (Gate)
        {
            _unfinished--;
            if (isReturned)
            {
                _elements.AddFirst(item);
                WakeTaker();
            }

            if (_unfinished == 0 && _isCompleted)
            {
                // Neither elements nor room will come for those who wait.
                Monitor.PulseAll(Gate);
            }

            changed = _changed;
        }

        changed?.Invoke();
    }

    private bool TryRemoveLocked(out object? value)
    {
        if (_elements.Count == 0)
        {
            value = null;
            return false;
        }

        value = _elements.RemoveFirst();
        if (_putters > 0)
        {
            Monitor.PulseAll(Gate);
        }
        else if (HasEndedLocked && _takers > 0)
        {
            Monitor.PulseAll(Gate);
        }

        return true;
    }

    // Takers wait only while it is empty and putters only while it is full, so a pulse finds the right one unless both have waited just now.
    private void WakeTaker()
    {
        if (_putters > 0)
        {
            Monitor.PulseAll(Gate);
        }
        else if (_takers > 0)
        {
            Monitor.Pulse(Gate);
        }
    }
}
