using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Journal;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// The way into the queue: gives each item its index and account, and passes over those that succeeded in an earlier run. Items are
/// added one at a time, posted by another thread, or taken from sources.
/// </summary>
internal sealed class ItemIntake(RunState state, WorkerPool pool, OutputReader reader)
{
    // How far items may run ahead of the first unfinished one, as a multiple of the queue's size.
    private const int OrderWindow = 4;

    private readonly object _lock = new();
    private readonly BoundedQueue<BatchItem> _queue = state.Queue;
    private readonly RunJournal? _journal = state.Options.Journal;
    private readonly int _mostQueuedFromSources = (int)Math.Clamp(state.Options.ThrottleLimit * 2L, Math.Max(32 / state.Options.GroupSize, 1), 1024);
    private readonly Func<object?, double>? _weight = state.Options.KeepOrder ? null : state.Options.Weight;
    private readonly ItemGroups? _groups = state.Options.Groups is { } groups ? new ItemGroups(groups, state.Options) : null;
    private IInputSource[] _sources = [];
    private bool _hasToldUnknown;
    private long _read;
    private volatile bool _isInputEnded;

    /// <summary>How many items were read. May be read on any thread.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Whether the input has ended and the workers have taken all of it.</summary>
    public bool IsExhausted => _isInputEnded && _queue.IsCompleted && _queue.IsEmpty();

    /// <summary>Whether a source has an item that there is room for.</summary>
    public bool MayTakeFromSource => HasRoomForSource && (HasGroup || Array.Exists(_sources, source => source.IsReady));

    /// <summary>Whether items are put into groups, by <see cref="AddToGroup"/>.</summary>
    public bool Groups => _groups is not null;

    /// <summary>Whether a group is complete and waits for room.</summary>
    public bool HasGroup => _groups is { IsReady: true };

    /// <summary>Whether items need not wait for the first unfinished one, nor for retries.</summary>
    public bool HasRoom =>
        reader.CountAhead(_read) < (long)_queue.Capacity * OrderWindow * (_groups?.Largest ?? 1) && (state.Tracker is null || state.Tracker.HasRoom);

    /// <summary>Whether what was done before, and is to be handed on, has to wait for the first unfinished item.</summary>
    public bool HoldsUpKept => _journal is { KeepsOutput: true } && !HasRoom;

    // No more than the workers will soon want: others may take from a source, too, and a full one holds up those who fill it.
    private bool HasRoomForSource => !state.TakesNothing && HasRoom && _queue.Count < Math.Min(_mostQueuedFromSources, _queue.Capacity);

    public BatchItem Open(object? input, ItemKey key) => new(_read, input) { Account = state.Tracker?.Open(key) };

    /// <summary>Finds out how much work an item is; not a number if that is not known.</summary>
    public double Weigh(object? input)
    {
        double weight = _weight is null ? double.NaN : _weight(input);
        if (double.IsNaN(weight) && _weight is not null && !_hasToldUnknown && state.Options.WeightUnknown is { } tell)
        {
            _hasToldUnknown = true;
            reader.Announce(tell(input));
        }

        return weight;
    }

    /// <summary>Adds an item if there is room for it now.</summary>
    public bool TryAdd(in BatchItem item, double weight)
    {
        if (!HasRoom || _queue.TryAdd(item, weight) != AddResult.Added)
        {
            return false;
        }

        CountAdded();
        pool.GrowForAdded();
        return true;
    }

    /// <summary>Takes an item, to be added with others by <see cref="TryAddGroup"/>.</summary>
    public void AddToGroup(in BatchItem item, double weight)
    {
        CountAdded();
        _groups!.Add(item, weight);
    }

    /// <summary>Has what waits for others to be a group go without them: the input has ended.</summary>
    public void CloseGroup() => _groups?.CloseRest();

    /// <summary>Adds the next group if there is room for it now.</summary>
    public bool TryAddGroup()
    {
        if (!HasRoom || !_groups!.TryEnqueue(_queue))
        {
            return false;
        }

        pool.GrowForAdded();
        return true;
    }

    /// <summary>Takes what was read and not added, once the run is over and takes nothing more.</summary>
    public IReadOnlyList<BatchItem> TakeUnqueued()
    {
        lock (_lock)
        {
            return _groups?.TakeRest() ?? [];
        }
    }

    public bool Post(object? input)
    {
        lock (_lock)
        {
            if (state.TakesNothing)
            {
                return false;
            }

            if (TrySkip(input, out ItemKey key))
            {
                return true;
            }

            if (_groups is not null)
            {
                AddToGroup(Open(input, key), Weigh(input));
                AddGroups();
            }
            else if (_queue.TryAdd(Open(input, key), Weigh(input)) == AddResult.Added)
            {
                CountAdded();
            }
            else
            {
                return false;
            }
        }

        pool.GrowForAdded();
        return true;
    }

    public bool AddSource(IInputSource source)
    {
        lock (_lock)
        {
            if (state.TakesNothing)
            {
                return false;
            }

            state.KeepAccounts(hasItems: _read > 0);
            _sources = [.. _sources, source];
        }

        source.Changed += state.Signal.Set;
        state.Signal.Set();
        return true;
    }

    public void EndInput()
    {
        lock (_lock)
        {
            CloseGroup();
            AddGroups();
            _isInputEnded = true;
            CompleteIfEnded();
        }

        state.Signal.Set();
    }

    /// <summary>Takes what the sources have and there is room for.</summary>
    public void TakeFromSources()
    {
        if (HasGroup)
        {
            lock (_lock)
            {
                AddGroups();
                CompleteIfEnded();
            }
        }

        foreach (IInputSource source in _sources)
        {
            try
            {
                TakeFrom(source);
            }
            catch (Exception exception)
            {
                // The source was disposed of, or an item of it could not be prepared. No caller on this thread could be told.
                state.TryEnd(RunEnd.Failed, exception);
            }
        }
    }

    /// <summary>Passes over an item that has succeeded in an earlier run.</summary>
    public bool TrySkip(object? input, out ItemKey key)
    {
        key = default;
        if (_journal is null)
        {
            return false;
        }

        key = _journal.Identify(input);
        if (!_journal.TrySkip(key, input, state.Options.CollectResults, out IKeptItem? kept))
        {
            if (state.Options.OfOtherKind is { } tell && _journal.IsOfOtherKind(input, key))
            {
                reader.Announce(tell(input));
            }

            return false;
        }

        if (kept is not null)
        {
            reader.Announce(new ItemRecord(_read, RecordKind.End, kept));
        }
        else if (state.Options.CollectResults || state.Options.KeepOrder)
        {
            ItemResult skipped = new() { Index = _read, Input = input, Status = ItemStatus.Skipped };
            reader.Announce(new ItemRecord(_read, RecordKind.End, state.Options.CollectResults ? skipped : null));
        }

        _read++;
        return true;
    }

    /// <summary>Counts an item that was read when the run took no more, and returns its index.</summary>
    public long Skip() => _read++;

    /// <summary>
    /// Takes nothing more, once the run is over. Waits for an item that is just being posted, as it may be in the queue and not yet
    /// counted.
    /// </summary>
    public void Close()
    {
        IInputSource[] sources;
        lock (_lock)
        {
            (sources, _sources) = (_sources, []);
        }

        foreach (IInputSource source in sources)
        {
            source.Changed -= state.Signal.Set;
        }
    }

    private void TakeFrom(IInputSource source)
    {
        bool hasEnded = source.HasEnded;
        while (!hasEnded && HasRoomForSource && source.TryTake(out object? input))
        {
            lock (_lock)
            {
                if (TrySkip(input, out ItemKey key))
                {
                    source.NoteDone();
                }
                else if (!state.TakesNothing && _groups is not null)
                {
                    AddToGroup(new BatchItem(_read, input) { Account = state.Tracker!.Open(key, source) }, Weigh(input));
                    AddGroups();
                }
                else if (!state.TakesNothing
                    && _queue.TryAdd(new BatchItem(_read, input) { Account = state.Tracker!.Open(key, source) }, Weigh(input)) == AddResult.Added)
                {
                    CountAdded();
                }
                else
                {
                    source.Return(input);
                    return;
                }
            }

            pool.GrowForAdded();
        }

        if (_groups is not null)
        {
            // Nothing may come until these are done, as items bring others.
            lock (_lock)
            {
                CloseGroup();
                AddGroups();
            }
        }

        if (hasEnded)
        {
            source.Changed -= state.Signal.Set;
            lock (_lock)
            {
                _sources = [.. _sources.Where(other => other != source)];
                CompleteIfEnded();
            }
        }
    }

    private void AddGroups()
    {
        while (_groups?.TryEnqueue(_queue) == true)
        {
        }
    }

    private void CompleteIfEnded()
    {
        if (!_isInputEnded || _sources.Length > 0 || HasGroup)
        {
            return;
        }

        if (state.Tracker is not null)
        {
            state.Tracker.EndInput();
        }
        else
        {
            _queue.Complete();
        }
    }

    private void CountAdded()
    {
        _read++;
        state.Tracker?.NoteRead();
    }
}
