using System.Diagnostics;
using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

/// <summary>
/// The way out for one worker: it adds, the feeding thread takes all there is. Each worker has its own, so that workers never
/// wait for each other; each is bounded, so a worker that is ahead of its reader waits.
/// </summary>
public sealed class OutputBuffer
{
    /// <summary>Enough records that fetching them is worth waking the reader.</summary>
    private const int BatchedWakeCount = 256;

    private readonly object _lock = new();
    private readonly WakeSignal _reader;
    private readonly int _capacity;
    private ItemRecord[] _records = new ItemRecord[16];
    private int _count;
    private bool _closed;
    private bool _writerWaits;
    private long _blockedSince;
    private long _blockedTicks;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="capacity">How many records it holds before its worker waits.</param>
    /// <param name="reader">Woken when there is something to read.</param>
    public OutputBuffer(int capacity, WakeSignal reader)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _reader = reader;
    }

    /// <summary>Whether its worker waits for the reader now. A snapshot.</summary>
    public bool IsBlocked => Volatile.Read(ref _blockedSince) != 0;

    /// <summary>How long its worker has waited for the reader, without a wait in progress.</summary>
    public TimeSpan BlockedTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _blockedTicks));

    /// <summary>Whether it looks empty from outside the lock. Only a hint.</summary>
    public bool LooksEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Whether it is empty. Inside the lock, so that a worker adding later sees what the reader set before.</summary>
    /// <returns>True if so.</returns>
    public bool IsEmpty()
    {
        lock (_lock)
        {
            return _count == 0;
        }
    }

    /// <summary>Adds a record. Blocks while the buffer is full; does nothing once it is closed.</summary>
    /// <param name="record">The record.</param>
    public void Add(in ItemRecord record)
    {
        bool wake;
        lock (_lock)
        {
            WaitForRoom();

            if (_closed)
            {
                return;
            }

            Append(record);

            wake = MustWake(_count - 1);
        }

        if (wake)
        {
            _reader.Set();
        }
    }

    /// <summary>
    /// Adds the last records of an item, which may not get lost: all at once, however many they are, once the buffer is not full, and
    /// also after it was closed. Only an item that has an account comes this way.
    /// </summary>
    /// <param name="held">Records that were held back until now.</param>
    /// <param name="end">The item's end.</param>
    public void AddEnd(IReadOnlyList<ItemRecord> held, in ItemRecord end)
    {
        bool wake;
        lock (_lock)
        {
            WaitForRoom();

            int before = _count;
            Append(held, end);
            wake = MustWake(before);
        }

        if (wake)
        {
            _reader.Set();
        }
    }

    /// <summary>Does the same over the head of a worker that is left behind, and drops whatever that may still bring.</summary>
    /// <param name="held">Records that were held back until now.</param>
    /// <param name="end">The item's end; null if it is to be tried again.</param>
    public void Seal(IReadOnlyList<ItemRecord> held, in ItemRecord? end)
    {
        lock (_lock)
        {
            if (end is { } record)
            {
                Append(held, record);
            }

            _closed = true;
            Monitor.PulseAll(_lock);
        }

        _reader.Set();
    }

    /// <summary>Takes everything there is.</summary>
    /// <param name="spare">An array of the reader's to go on with; receives the records.</param>
    /// <returns>How many there are.</returns>
    public int TakeAll(ref ItemRecord[] spare)
    {
        lock (_lock)
        {
            int count = _count;
            (spare, _records) = (_records, spare);
            _count = 0;
            if (_writerWaits)
            {
                _writerWaits = false;
                Monitor.PulseAll(_lock);
            }

            return count;
        }
    }

    /// <summary>Whether a record of this item waits here.</summary>
    /// <param name="index">Index of the item.</param>
    /// <returns>True if so.</returns>
    public bool Holds(long index)
    {
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_records[i].Index == index)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Drops whatever comes from now on, and lets a waiting worker go. What is in the buffer can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void WaitForRoom()
    {
        if (_count < _capacity || _closed)
        {
            return;
        }

        Volatile.Write(ref _blockedSince, Stopwatch.GetTimestamp());
        try
        {
            while (_count >= _capacity && !_closed)
            {
                _writerWaits = true;
                _reader.Set();
                Monitor.Wait(_lock);
            }
        }
        finally
        {
            _blockedTicks += Stopwatch.GetTimestamp() - _blockedSince;
            Volatile.Write(ref _blockedSince, 0);
        }
    }

    // A crowd that is waited for patiently is announced once, when it is complete.
    private bool MustWake(int before) =>
        _reader.WakesImmediately || (before < BatchedWakeCount && _count >= BatchedWakeCount && _reader.IsWaiting);

    private void Append(IReadOnlyList<ItemRecord> held, in ItemRecord end)
    {
        foreach (ItemRecord record in held)
        {
            Append(record);
        }

        Append(end);
    }

    private void Append(in ItemRecord record)
    {
        if (_count == _records.Length)
        {
            Array.Resize(ref _records, _count * 2);
        }

        _records[_count++] = record;
        if (_count == 1)
        {
            _reader.Announce();
        }
    }
}
