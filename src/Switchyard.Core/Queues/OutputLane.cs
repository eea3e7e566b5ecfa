using Switchyard.Items;

namespace Switchyard.Queues;

/// <summary>
/// The way out for one worker: it adds, the feeding thread takes all there is. Each worker has its own, so that workers never
/// wait for each other; each is bounded, so a worker that is ahead of its reader waits.
/// </summary>
public sealed class OutputLane
{
    /// <summary>Enough records that fetching them is worth waking the reader.</summary>
    private const int HeapSize = 256;

    private readonly object _lock = new();
    private readonly WakeSignal _reader;
    private readonly int _capacity;
    private ItemRecord[] _records = new ItemRecord[16];
    private int _count;
    private bool _closed;
    private bool _writerWaits;

    /// <summary>Creates an empty lane.</summary>
    /// <param name="capacity">How many records it holds before its worker waits.</param>
    /// <param name="reader">Woken when there is something to read.</param>
    public OutputLane(int capacity, WakeSignal reader)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _reader = reader;
    }

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

    /// <summary>Adds a record. Blocks while the lane is full; does nothing once it is closed.</summary>
    /// <param name="record">The record.</param>
    public void Add(in ItemRecord record)
    {
        bool wake;
        lock (_lock)
        {
            while (_count == _capacity && !_closed)
            {
                _writerWaits = true;
                _reader.Set();
                Monitor.Wait(_lock);
            }

            if (_closed)
            {
                return;
            }

            if (_count == _records.Length)
            {
                Array.Resize(ref _records, Math.Min(_capacity, _count * 2));
            }

            _records[_count++] = record;
            if (_count == 1)
            {
                _reader.Announce();
            }

            wake = _reader.IsHungry || (_count == HeapSize && _reader.IsWaiting);
        }

        if (wake)
        {
            _reader.Set();
        }
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

    /// <summary>Drops whatever comes from now on, and lets a waiting worker go. What is in the lane can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
