using Switchyard.Core.Protocol;
using Switchyard.Core.Queues;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>
/// What a worker was sent: one thread receives and puts it here at once, another runs it. So the caller never waits for a worker that
/// is busy, and can get back what was not started.
/// </summary>
internal sealed class WorkerInbox
{
    private readonly object _lock = new();
    private readonly RingBuffer<ReceivedItem> _items = new(64);
    private readonly Queue<ReceivedItem> _batches = [];
    private readonly WireReader _reader = new();
    private long _current;
    private long _finish;
    private bool _isPaused;
    private bool _isStopped;
    private bool _isRetired;
    private bool _isBatchOver = true;
    private bool _isClosed;

    /// <summary>The item that runs: its id; 0 if none does.</summary>
    public long Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Whether nothing more of this batch is to be started.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_lock)
            {
                return _isStopped;
            }
        }
    }

    public void AddBatch(FrameStream frames)
    {
        byte[] content = CopyContent(frames);
        lock (_lock)
        {
            _batches.Enqueue(new ReceivedItem(0, content, 0, content.Length, frames.TakeBlobs()));
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits for the next batch.</summary>
    public bool TryTakeBatch(WireReader reader)
    {
        lock (_lock)
        {
            while (!_isClosed && _batches.Count == 0)
            {
                Monitor.Wait(_lock);
            }

            if (_isClosed)
            {
                return false;
            }

            _batches.Dequeue().Open(reader);
            Drop();
            _current = _finish = 0;
            _isPaused = _isStopped = _isRetired = _isBatchOver = false;
            return true;
        }
    }

    /// <exception cref="MalformedFrameException">They are none.</exception>
    public bool AddItems(FrameStream frames)
    {
        byte[] content = CopyContent(frames);
        IReadOnlyList<byte[]> blobs = frames.TakeBlobs();
        WireReader reader = new();
        reader.Reset(content, 0, content.Length, blobs);
        lock (_lock)
        {
            while (reader.Remaining > 0)
            {
                long id = (long)reader.ReadVariable();
                int end = reader.BeginPart();
                if (!_isStopped)
                {
                    _items.AddLast(new ReceivedItem(id, content, reader.Position, end - reader.Position, blobs));
                }

                reader.EndPart(end);
            }

            Monitor.PulseAll(_lock);
            return !_isRetired;
        }
    }

    public void EndBatch()
    {
        lock (_lock)
        {
            _isBatchOver = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No item will come any more, and what is to be run after the last is to be run.</summary>
    public void Finish(long id)
    {
        lock (_lock)
        {
            _finish = id;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Starts what is to be run after the last item, where that was asked for: from now on it can be stopped.</summary>
    public bool TryStartFinish()
    {
        lock (_lock)
        {
            if (_finish == 0 || _isStopped)
            {
                return false;
            }

            (_current, _finish) = (_finish, 0);
            return true;
        }
    }

    /// <summary>Nothing will come any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = _isBatchOver = _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The next item may be started, although one has failed.</summary>
    public void GoOn()
    {
        lock (_lock)
        {
            _isPaused = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Starts nothing more of this batch.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Drop();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits for the next item and starts it.</summary>
    /// <param name="starting">Told of its id, before it is read.</param>
    /// <param name="failure">Why it cannot be read; null if it was.</param>
    /// <returns>False if no item of this batch is to be started any more.</returns>
    public bool TryStart(Func<WireReader, object?> read, Action<long> starting, Action idle, out BatchItem item, out Exception? failure)
    {
        item = default;
        failure = null;
        if (!TryTakeNow(out ReceivedItem received, out bool isOver))
        {
            if (isOver)
            {
                return false;
            }

            idle();
            if (!AwaitNext(out received))
            {
                return false;
            }
        }

        starting(received.Id);
        received.Open(_reader);
        try
        {
            item = new BatchItem(received.Id, read(_reader));
        }
        catch (Exception exception) when (exception is not MalformedFrameException)
        {
            item = new BatchItem(received.Id, null);
            failure = exception;
        }

        return true;
    }

    /// <summary>Takes what still comes, runs none of it, and returns when the batch is over.</summary>
    public void DropToEnd(Action idle)
    {
        while (TryStart(_ => null, _ => { }, idle, out _, out _))
        {
            EndCurrent();
        }
    }

    /// <summary>Starts nothing until the caller says so.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _isPaused = true;
        }
    }

    /// <summary>The item that runs has ended, and the caller was told or will be.</summary>
    public void EndCurrent()
    {
        lock (_lock)
        {
            _current = 0;
        }
    }

    /// <summary>Takes out what was not started. If none runs, and nothing holds it up, the first is about to start and stays.</summary>
    public int TakeBack(bool retires, out long first)
    {
        lock (_lock)
        {
            _isRetired |= retires;
            int keeps = _current == 0 && !_isPaused && !retires ? 1 : 0;
            int count = 0;
            first = 0;
            for (; _items.Count > keeps; count++)
            {
                first = _items.RemoveLast().Id;
            }

            return count;
        }
    }

    private static byte[] CopyContent(FrameStream frames) => frames.Buffer.AsSpan(frames.ContentStart, frames.ContentLength).ToArray();

    private void Drop()
    {
        while (_items.Count > 0)
        {
            _items.RemoveFirst();
        }
    }

    private bool AwaitNext(out ReceivedItem item)
    {
        lock (_lock)
        {
            while (true)
            {
                if (TryTakeNow(out item, out bool isOver))
                {
                    return true;
                }

                if (isOver)
                {
                    return false;
                }

                Monitor.Wait(_lock);
            }
        }
    }

    private bool TryTakeNow(out ReceivedItem item, out bool isOver)
    {
        lock (_lock)
        {
            // What was sent before the batch's end is run: the caller ends no batch before it has all its items back.
            isOver = _isStopped || ((_isBatchOver || _finish != 0) && _items.Count == 0);
            if (isOver || _isPaused || _isRetired || _items.Count == 0)
            {
                item = default;
                return false;
            }

            item = _items.RemoveFirst();
            _current = item.Id;
            return true;
        }
    }
}
