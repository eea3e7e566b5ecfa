using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>
/// Sends what was gathered and not sent for two milliseconds, or what is urgent, and a heartbeat if there is nothing. Only this thread and those that run
/// items wait for the caller to read. The one that receives never does: it hands over what it has to answer, so the caller's writes always end.
/// </summary>
internal sealed class SendingThread : IDisposable
{
    private static readonly TimeSpan _sendDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _heartbeatPeriod = TimeSpan.FromSeconds(2);

    private readonly object _lock = new();
    private readonly Action _send;
    private readonly Action _beat;
    private bool _isPending;
    private bool _isUrgent;
    private bool _isActive;
    private bool _isDisposed;
    private long _sentAt;

    public SendingThread(Action send, Action beat)
    {
        (_send, _beat) = (send, beat);
        new Thread(Run) { IsBackground = true, Name = "Switchyard records" }.Start();
    }

    /// <summary>When something was sent last.</summary>
    public long SentAt => _sentAt;

    /// <summary>Something was gathered.</summary>
    public void Announce()
    {
        if (Volatile.Read(ref _isPending))
        {
            return;
        }

        lock (_lock)
        {
            _isPending = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Something is to be sent now.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            _isUrgent = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>All that was gathered is being sent.</summary>
    public void NoteSent(bool isAnything)
    {
        _sentAt = isAnything ? Stopwatch.GetTimestamp() : _sentAt;
        Volatile.Write(ref _isPending, false);
    }

    /// <param name="isActive">Whether the caller is to hear something even if there is nothing to send.</param>
    public void SetActive(bool isActive)
    {
        lock (_lock)
        {
            _isActive = isActive;
            Monitor.Pulse(_lock);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Run()
    {
        try
        {
            while (Await(out bool isQuiet))
            {
                (isQuiet ? _beat : _send)();
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // The thread that receives finds out, too, and ends the process.
            Debug.WriteLine(exception);
        }
    }

    private bool Await(out bool isQuiet)
    {
        lock (_lock)
        {
            isQuiet = false;
            while (!_isDisposed)
            {
                if (_isUrgent)
                {
                    _isUrgent = false;
                    return true;
                }

                if (_isPending)
                {
                    Monitor.Wait(_lock, _sendDelay);
                    if (_isPending && Stopwatch.GetElapsedTime(_sentAt) >= _sendDelay)
                    {
                        return true;
                    }
                }
                else if (!Monitor.Wait(_lock, _isActive ? _heartbeatPeriod : Timeout.InfiniteTimeSpan))
                {
                    isQuiet = true;
                    return true;
                }
            }

            return false;
        }
    }
}
