using System.Collections.Concurrent;
using Switchyard.Core.Gauges;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>
/// Sends a worker's records and ends to its caller: they are gathered, and sent when there are many, when the worker has nothing to do, or
/// after two milliseconds, by a <see cref="SendingThread"/>. While it gathers the next, the last may still be on its way.
/// </summary>
/// <remarks>
/// An item of which anything was sent before its end is done only when its end was sent, too, and so is one that took a millisecond:
/// should the worker die then, nothing of it is lost and nothing is written twice.
/// </remarks>
internal sealed class RecordSender : IDisposable
{
    private const int SendLength = 32 * 1024;
    private const int MaxLength = 1024 * 1024;

    private static readonly long _longItemTicks = Stopwatch.Frequency / 1000;
    private static readonly long _sendTicks = Stopwatch.Frequency / 2000;

    private readonly FrameStream _frames;
    private readonly CrashMarker? _crashMarker;
    private readonly RecordWindow _window;
    private readonly object _sendLock = new();
    private readonly object _gatherLock = new();
    private readonly ConcurrentQueue<WireWriter> _returned = new();
    private readonly SendingThread _thread;
    private WireWriter _gathering = new();
    private WireWriter _sending = new();
    private IHostedBatch? _batch;
    private BatchHeader _header;
    private bool _isSpoiled;
    private bool _isPartlySent;
    private bool _hasWritten;
    private long _startedAt;
    private TimeSpan _cpuBefore;

    public RecordSender(FrameStream frames, CrashMarker? crashMarker, RecordWindow window)
    {
        _window = window;
        _frames = frames;
        _crashMarker = crashMarker;
        _thread = new SendingThread(Send, () => frames.TryWrite(FrameKind.Heartbeat));
    }

    public void BeginBatch(in BatchHeader header)
    {
        _header = header;
        _crashMarker?.Start(0);
        _crashMarker?.Finish(0);
        _cpuBefore = header.NeedsTimes && ThreadClock.TryRead(out TimeSpan now) ? now : TimeSpan.Zero;
        _thread.SetActive(true);
    }

    public void Use(IHostedBatch batch)
    {
        lock (_gatherLock)
        {
            _batch = batch;
        }
    }

    public void EndBatch()
    {
        Send();
        _thread.SetActive(false);
        lock (_gatherLock)
        {
            _batch = null;
        }
    }

    public void Start(long item)
    {
        _isSpoiled = _isPartlySent = _hasWritten = false;
        _startedAt = Stopwatch.GetTimestamp();
        _crashMarker?.Start(item);
        if (_crashMarker is not null)
        {
            return;
        }

        lock (_gatherLock)
        {
            _gathering.WriteByte(RecordMark.Start);
            _gathering.WriteVariable((ulong)item);
        }

        if (_header.ReportsStarts)
        {
            Send();
        }
        else
        {
            _thread.Announce();
        }
    }

    /// <summary>Takes a record of the item that runs, or of none.</summary>
    public void Write(RecordKind kind, object? value)
    {
        bool isMuch;
        lock (_gatherLock)
        {
            if (_batch is null)
            {
                return;
            }

            WireMark mark = _gathering.Mark();
            try
            {
                WriteRecord(kind, value);
            }
            catch (Exception exception) when (exception is not (OutOfMemoryException or ThreadInterruptedException))
            {
                // Whatever the value's own code throws while it is looked at.
                _gathering.Undo(mark);
                _isSpoiled = true;
                WriteRecord(RecordKind.Error, _batch.RecordNotSent(value, exception));
            }

            _hasWritten = true;

            // A large array is sent from where it is, so before the body that owns it goes on.
            isMuch = _gathering.TotalLength >= MaxLength || _gathering.TotalLength > _gathering.Length;
        }

        if (isMuch)
        {
            Send();
        }
        else
        {
            _thread.Announce();
        }
    }

    /// <summary>Says how the item that runs has ended: not well, if anything that it wrote cannot be sent.</summary>
    public ItemStatus Settle(ref ItemEnd end)
    {
        if (_isSpoiled && end.Status is ItemStatus.Succeeded)
        {
            end = end with { Status = ItemStatus.Failed };
        }

        return end.Status;
    }

    public void End(long item, ItemEnd end)
    {
        long now = Stopwatch.GetTimestamp();
        if (_header.NeedsTimes)
        {
            TimeSpan cpu = ThreadClock.TryRead(out TimeSpan read) ? read : TimeSpan.Zero;
            end = end with { Duration = Stopwatch.GetElapsedTime(_startedAt, now), CpuTime = end.CpuTime ?? cpu - _cpuBefore };
            _cpuBefore = cpu;
        }

        bool mustSend;
        lock (_gatherLock)
        {
            _gathering.WriteByte(RecordMark.End);
            _gathering.WriteVariable((ulong)item);
            EndCodec.Write(_gathering, end);
            mustSend = _isPartlySent
                || _gathering.TotalLength >= SendLength
                || now - _startedAt >= _longItemTicks
                || now - _thread.SentAt >= _sendTicks
                || end.Status is not ItemStatus.Succeeded;
        }

        if (mustSend)
        {
            Send();
        }
        else
        {
            _thread.Announce();
        }

        _crashMarker?.Finish(item);
    }

    /// <summary>
    /// Has the caller told, by another thread, that items will not be started, after the ends of those before them. For one thread at a time, and the one that
    /// receives may be it.
    /// </summary>
    public void Return(long first, int count)
    {
        WireWriter writer = new();
        writer.WriteVariable((ulong)first);
        writer.WriteCount(count);
        _returned.Enqueue(writer);
        _thread.Hurry();
    }

    /// <summary>Sends all that is gathered, and waits until the caller takes it.</summary>
    public void Send()
    {
        lock (_sendLock)
        {
            WireWriter full;
            int returned;
            if (_header.LimitsRecords)
            {
                _window.Await();
            }

            lock (_gatherLock)
            {
                full = _gathering;
                returned = _returned.Count;
                _thread.NoteSent(isAnything: !full.IsEmpty);
                if (!full.IsEmpty)
                {
                    _gathering = _sending;
                    _sending = full;
                    _isPartlySent |= _hasWritten;
                }
            }

            if (!full.IsEmpty)
            {
                if (_header.LimitsRecords)
                {
                    _window.TrySpend(full.TotalLength);
                }

                _frames.Write(FrameKind.Records, full);
                full.Clear();
            }

            for (; returned > 0 && _returned.TryDequeue(out WireWriter? items); returned--)
            {
                _frames.Write(FrameKind.Returned, items);
            }
        }
    }

    public void Dispose() => _thread.Dispose();

    private void WriteRecord(RecordKind kind, object? value)
    {
        _gathering.WriteByte((byte)kind);
        int part = _gathering.BeginPart();
        _batch!.WriteRecord(_gathering, kind, value);
        _gathering.EndPart(part);
    }
}
