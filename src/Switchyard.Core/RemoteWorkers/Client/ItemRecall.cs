using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// Asks a worker to give back the items of a batch that it has not started: one request at a time, and none while items are being sent.
/// What came back would otherwise be a piece from the middle of what is out, and the rest would no longer be run in the order in which it
/// was reserved.
/// </summary>
internal sealed class ItemRecall(FrameStream frames)
{
    private readonly object _lock = new();
    private bool _isAsking;
    private bool _isSending;
    private bool _isWriting;
    private bool _isOver;
    private long _askedBehind;
    private long _askedDuring;

    /// <returns>False if the answer to a request must come first; otherwise <see cref="EndSending"/> has to follow.</returns>
    public bool TryBeginSending()
    {
        lock (_lock)
        {
            return _isSending = !_isAsking;
        }
    }

    /// <summary>No more items are sent for now.</summary>
    public void EndSending()
    {
        lock (_lock)
        {
            _isSending = false;
        }
    }

    /// <summary>Asks, unless that was done since the last item was sent. On the thread that sends.</summary>
    public void AskBehind(long last)
    {
        lock (_lock)
        {
            if (_isAsking || _askedBehind == last)
            {
                return;
            }

            _askedBehind = last;
            _isAsking = _isWriting = true;
        }

        Write();
    }

    /// <summary>Asks, unless that was done since an item began, or items are just being sent. On any thread.</summary>
    public void AskDuring(long running)
    {
        lock (_lock)
        {
            if (_isOver || _isAsking || _isSending || _askedDuring == running)
            {
                return;
            }

            _askedDuring = running;
            _isAsking = _isWriting = true;
        }

        Write();
    }

    /// <summary>The worker has given something back, or had nothing.</summary>
    public void NoteAnswer()
    {
        lock (_lock)
        {
            _isAsking = false;
        }
    }

    /// <summary>The batch is over: what is asked from now on would be answered to the next. Waits for a request that is being written.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            while (_isWriting)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    // Outside the lock: the thread that reads the answers must not wait for the worker to read a request.
    private void Write()
    {
        try
        {
            frames.Write(FrameKind.Recall);
        }
        finally
        {
            lock (_lock)
            {
                _isWriting = false;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
