namespace Switchyard.Core.Queues;

/// <summary>
/// What one worker's items wrote, until the run's pump takes it. Each worker has its own buffer, so that workers never wait for each
/// other; each is bounded, so a worker that is ahead of its reader waits.
/// </summary>
/// <param name="capacity">How many records it holds before its worker waits.</param>
internal sealed class OutputBuffer(int capacity, WakeSignal reader)
{
    private readonly int _capacity = capacity >= 1 ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity));

    // What a stopped program may still say, with no reader to keep it back.
    private const int MostLastWords = 64 * 1024 * 1024;
    private const int RecordWeight = 64;

    // Enough records to wake the reader for, where it does not want to be woken for each.
    private const int BatchedWakeCount = 256;

    private readonly object _lock = new();
    private ItemRecord[] _records = new ItemRecord[16];
    private int _count;
    private bool _closed;
    private bool _sealed;
    private int _lastWords;
    private bool _writerWaits;
    private long _blockedSince;
    private long _blockedTicks;

    /// <summary>Whether its worker waits for the reader now. A snapshot.</summary>
    public bool IsBlocked => Volatile.Read(ref _blockedSince) != 0;

    /// <summary>How long its worker has waited for the reader, without a wait in progress.</summary>
    public TimeSpan BlockedTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _blockedTicks));

    public bool IsEmptySnapshot => Volatile.Read(ref _count) == 0;

    /// <summary>Whether it is empty. Inside the lock, so that a worker that adds later sees what the reader set before.</summary>
    public bool IsEmpty()
    {
        lock (_lock)
        {
            return _count == 0;
        }
    }

    /// <summary>Adds a record. Blocks while the buffer is full. Once it is closed it takes so much more, and then nothing.</summary>
    public void Add(in ItemRecord record)
    {
        bool mustWake;
        lock (_lock)
        {
            WaitForRoom();
            if (_sealed || (_closed && !TryWeigh(record)))
            {
                return;
            }

            Append(record);
            mustWake = MustWake(_count - 1);
        }

        if (mustWake)
        {
            reader.Set();
        }
    }

    /// <summary>
    /// Adds the last records of an item that has an account: all at once, once the buffer is not full, and also after it was closed, as
    /// they must not get lost.
    /// </summary>
    public void AddEnd(IReadOnlyList<ItemRecord> held, in ItemRecord end)
    {
        bool mustWake;
        lock (_lock)
        {
            WaitForRoom();
            int before = _count;
            Append(held, end);
            mustWake = MustWake(before);
        }

        if (mustWake)
        {
            reader.Set();
        }
    }

    /// <summary>Does the same for a worker that is abandoned, and drops what that may still write. No end if the item is to be tried again.</summary>
    public void Seal(IReadOnlyList<ItemRecord> held, in ItemRecord? end)
    {
        lock (_lock)
        {
            if (end is { } record)
            {
                Append(held, record);
            }

            _closed = _sealed = true;
            Monitor.PulseAll(_lock);
        }

        reader.Set();
    }

    /// <summary>Takes all records, and returns how many they are. The reader's spare array takes the place of theirs.</summary>
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

    public bool Holds(long index)
    {
        lock (_lock)
        {
            return Array.FindIndex(_records, 0, _count, record => record.Index == index) >= 0;
        }
    }

    /// <summary>Keeps no worker waiting from now on, as nothing is read until all have ended. What is in the buffer can still be taken.</summary>
    /// <param name="takesLastWords">Whether it takes so much more of what is stopped; else nothing.</param>
    public void Close(bool takesLastWords = false)
    {
        lock (_lock)
        {
            _closed = true;
            _sealed |= !takesLastWords;
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
                reader.Set();
                Monitor.Wait(_lock);
            }
        }
        finally
        {
            _blockedTicks += Stopwatch.GetTimestamp() - _blockedSince;
            Volatile.Write(ref _blockedSince, 0);
        }
    }

    private bool TryWeigh(in ItemRecord record)
    {
        long weight = RecordWeight + record.Value switch { string text => 2L * text.Length, byte[] bytes => bytes.Length, _ => 0 };
        if (_lastWords + weight > MostLastWords)
        {
            return false;
        }

        _lastWords += (int)weight;
        return true;
    }

    // A reader that waits for a full batch is woken once, when that is complete.
    private bool MustWake(int before) =>
        reader.WakesImmediately || (before < BatchedWakeCount && _count >= BatchedWakeCount && reader.IsWaiting);

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
            reader.Announce();
        }
    }
}
