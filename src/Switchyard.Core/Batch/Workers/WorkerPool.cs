using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>The workers of a run: opened one by one as each pays for its start, never more than the throttle allows.</summary>
internal sealed class WorkerPool : IWorkerObserver
{
    private const int BufferedRecords = 1024;
    private const int AllBufferedRecords = 16384;

    private readonly object _lock = new();
    private readonly RunState _state;
    private readonly IWorkerFactory _factory;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly Func<int> _countWaiting;
    private readonly Func<int> _countQueued;
    private readonly Stack<int> _freeNumbers = [];
    private readonly WorkerRoster _roster = new();
    private int _opened;
    private int _opening;
    private int _withoutItem;
    private int _ended;
    private bool _isClosed;

    public WorkerPool(RunState state, IWorkerFactory factory)
    {
        _state = state;
        _factory = factory;
        _queue = state.Queue;
        Room = new WorkerRoom(state.Options, factory);
        _countWaiting = _queue.CountWaiting;
        _countQueued = () => _queue.Count;
        _queue.MayComeBack = () => HasReserved;
        factory.PlacesChanged = (Action)Wake + GrowIfWorthwhile;
    }

    public WorkerThread[] Workers => _roster.All;

    /// <summary>Pulsed whenever a worker has ended, or was opened.</summary>
    public object Ended { get; } = new();

    /// <summary>How many workers the system has room for.</summary>
    public WorkerRoom Room { get; }

    public bool MayGrow => CountOpen() < Math.Min(Math.Min(Limit, Room.Most), _factory.Places);

    public bool IsOpening => Volatile.Read(ref _opening) > 0;

    private int Limit => _state.Tuner?.OpenLimit ?? _state.ThrottleLimit;

    /// <summary>Whether a worker holds items that it has not begun.</summary>
    public bool HasReserved => _roster.HasReserved;

    // Workers that find no place leave, and new ones come when there is one: nothing of that says what this machine has room for.
    private bool HasPlaces => _factory.Places < int.MaxValue;

    private bool MayOpen =>
        MayGrow && Volatile.Read(ref _opening) < _state.Options.OpenLimit && _queue.WaitingTakers == 0 && !_state.Throttle.IsSuspended && _state.Gate is not { Waiting: > 0 };

    /// <summary>Opens one more worker if that pays and is allowed. Counts every item that waits.</summary>
    public void GrowIfWorthwhile()
    {
        if (MayOpen)
        {
            Grow(_queue.EstimateItemTicks(), _countWaiting);
        }
        else if (Room.IsShort && _roster.RunsOne && CountOpen() is var open && open >= Room.Most && open < Limit && !_queue.IsEmpty())
        {
            Room.Tell();
        }
    }

    /// <summary>
    /// The same for an item that was just added. It does not count the items in the takers' chunks, as that would cost more than a
    /// trivial item.
    /// </summary>
    public void GrowForAdded()
    {
        if (MayOpen)
        {
            Grow(_queue.ItemTicks, _countQueued);
        }
    }

    /// <summary>Opens no more workers, and returns those that there are.</summary>
    public WorkerThread[] Close()
    {
        Wake();
        lock (_lock)
        {
            _isClosed = true;
            return _roster.All;
        }
    }

    public void NoteOpened()
    {
        Interlocked.Decrement(ref _opening);
        Wake();
        GrowIfWorthwhile();
    }

    public void NoteFirstItem() => Interlocked.Decrement(ref _withoutItem);

    public void NoteAbandoned(int number, ItemRecord? lost)
    {
        if (lost is { } record)
        {
            Room.Announce?.Invoke(record);
        }

        WorkerThread worker;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            worker = Add(number);
        }

        Start(worker);
    }

    public ShortageAnswer NoteShortage(WorkerThread worker, string reason)
    {
        lock (Ended)
        {
            worker.IsStuck = true;
            Monitor.PulseAll(Ended);
            while (!_state.IsOver && !IsLeftToOthers(worker, reason))
            {
                // One that is being made or opened may get stuck, too; and what those had that leave may be in the way until their threads have ended.
                int othersOpening = Volatile.Read(ref _opening) - (worker.Phase == WorkerPhase.Opening ? 1 : 0);
                if (othersOpening <= 0 && !_roster.Any(other => other != worker && (other.IsLive || other.IsEnding)))
                {
                    if (_factory.NextPlace is { } next && next > TimeSpan.Zero)
                    {
                        Monitor.Wait(Ended, next + TimeSpan.FromMilliseconds(1));
                        continue;
                    }

                    worker.IsStuck = false;
                    if (_factory.NextPlace is not null)
                    {
                        return ShortageAnswer.TryAgain;
                    }

                    bool hasMoreRoom = worker.EndedBefore < _ended;
                    worker.EndedBefore = _ended;
                    return hasMoreRoom ? ShortageAnswer.TryAgain : ShortageAnswer.Fail;
                }

                Monitor.Wait(Ended);
            }
        }

        lock (_lock)
        {
            _freeNumbers.Push(worker.Number);
        }

        return ShortageAnswer.Leave;
    }

    public void NoteEnded(Action markEnded)
    {
        lock (Ended)
        {
            markEnded();
            _ended++;
            Monitor.PulseAll(Ended);
        }
    }

    private void Wake()
    {
        lock (Ended)
        {
            Monitor.PulseAll(Ended);
        }
    }

    private void Grow(long itemTicks, Func<int> countWaiting)
    {
        if (!IsWorthwhile(itemTicks, countWaiting))
        {
            return;
        }

        WorkerThread worker;
        lock (_lock)
        {
            // Once more, as another thread may have opened the one that this was about.
            if (_isClosed || !MayOpen || !IsWorthwhile(itemTicks, countWaiting))
            {
                return;
            }

            Room.Count();
            if (!MayOpen)
            {
                return;
            }

            worker = Add(_freeNumbers.Count > 0 ? _freeNumbers.Pop() : ++_opened);
        }

        Start(worker);
    }

    private void Start(WorkerThread worker)
    {
        if (worker.TryStart())
        {
            return;
        }

        Interlocked.Decrement(ref _opening);
        Wake();
        int others = _roster.CountLive();
        if (others == 0)
        {
            _state.TryEnd(RunEnd.Failed, new WorkerStartException(Messages.ThreadNotStarted));
            return;
        }

        Room.Lower(others, Messages.ThreadNotStarted);
        Room.Tell();
        lock (_lock)
        {
            _freeNumbers.Push(worker.Number);
        }
    }

    /// <summary>Lets a worker that is stuck leave the run to one that runs, or to one that got stuck later and will try again; or if all is done.</summary>
    private bool IsLeftToOthers(WorkerThread worker, string reason)
    {
        bool runs = _roster.RunsOne;
        bool isDone = _queue.IsCompleted && _queue.IsEmpty();
        if (!runs && !isDone && !_roster.Any(other => other != worker && other.IsStuck))
        {
            return false;
        }

        worker.IsStuck = false;
        worker.HasGivenUp = true;
        if (HasPlaces)
        {
            return true;
        }

        Room.Lower(Math.Max(1, _roster.CountLive()), reason);
        if (runs)
        {
            Room.Tell();
        }

        return true;
    }

    // Where there is no room for all, one that has ended makes room for another. One that is stuck will have it, or leave.
    private int CountOpen() => Room.IsShort || _factory.ReplacesWorkers ? _roster.CountStaying() : Volatile.Read(ref _opened);

    private bool IsWorthwhile(long itemTicks, Func<int> countWaiting)
    {
        // Each worker without an item will take one of those that wait. Read first: one that takes its item between the two readings
        // would otherwise leave an item that no worker is counted for.
        int withoutItem = Volatile.Read(ref _withoutItem);
        int waiting = countWaiting() + _roster.CountReserved();
        return WorkerGrowth.IsWorthwhile(
            waiting - withoutItem, itemTicks, CountOpen(), (long)(_factory.OpenCost.TotalSeconds * Stopwatch.Frequency));
    }

    private WorkerThread Add(int number)
    {
        Interlocked.Increment(ref _opening);
        Interlocked.Increment(ref _withoutItem);
        int most = _state.Options.AdjustThrottle ? 1 : _state.Options.ThrottleLimit;
        OutputBuffer output = new(Math.Clamp(AllBufferedRecords / most, 16, BufferedRecords), _state.Signal);
        WorkerThread worker = new(_state, _factory.Create(number), number, output, this);
        _roster.Add(worker);
        return worker;
    }
}
