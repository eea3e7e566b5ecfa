using Switchyard.Core.Analysis;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Choices;

/// <summary>
/// Makes the workers of a run that may move between threads and processes while it goes on. After a move new workers are of the other way; one of before
/// leaves as one of those is ready, so items run all the time.
/// </summary>
/// <param name="processes">Makes those that are processes; null where items cannot run there.</param>
/// <param name="meter">Takes what is recorded of the first items on the first threads; null if nothing is to be, as that takes time.</param>
internal sealed class ChoosingWorkerFactory(IWorkerFactory threads, IWorkerFactory? processes, IItemMeter? meter) : IWorkerFactory, IDisposable
{
    private readonly object _lock = new();
    private volatile bool _isOnProcesses;
    private volatile string? _whyThreads;
    private Action? _placesChanged;
    private long _movedAt;
    private long _itemCount;
    private int _wanted;
    private int _ready;
    private int _left;

    /// <summary>Where new workers are.</summary>
    public Recommendation Way => _isOnProcesses ? Recommendation.Processes : Recommendation.Threads;

    /// <summary>How often items were moved.</summary>
    public int MoveCount { get; private set; }

    /// <summary>Whether new workers are not all ready yet.</summary>
    public bool IsMoving
    {
        get
        {
            lock (_lock)
            {
                return _ready < _wanted;
            }
        }
    }

    /// <summary>Why items must not run in processes, as known so far; null if they may. An item or its output may tell. Only the first reason counts.</summary>
    public string? WhyThreads
    {
        get => _whyThreads;
        set
        {
            _whyThreads ??= value;
            if (value is not null && _isOnProcesses)
            {
                MoveTo(Recommendation.Threads, 1);
            }
        }
    }

    /// <summary>Whether items may move to processes.</summary>
    public bool MayMove => processes is not null && _whyThreads is null;

    /// <summary>How many processes there are to be as soon as the first item can run on a thread; 0 for none.</summary>
    public int ProcessesAtOnce { get; set; }

    /// <summary>What it took until the processes were ready that items have moved to; null if they have not.</summary>
    public TimeSpan? ProcessStart { get; private set; }

    /// <summary>How many items have ended.</summary>
    public long ItemCount => Volatile.Read(ref _itemCount);

    /// <summary>Called when the run is over and its workers have ended.</summary>
    public Action? Closed { get; set; }

    /// <summary>Says of what items write on threads why it could not come from a process; null for nothing. Null if nothing is asked.</summary>
    public Func<object?, string?>? Examine { get; init; }

    public TimeSpan OpenCost => IsMoving ? TimeSpan.Zero : Current.OpenCost;

    public bool RunsElsewhere => Current.RunsElsewhere;

    public bool HasLastWords => Current.HasLastWords;

    public IReadOnlyCollection<int> ProcessIds => processes?.ProcessIds ?? [];

    public WorkerNeeds Needs => Current.Needs;

    public int ReadyCount => Current.ReadyCount;

    /// <summary>How many processes are ready to be used.</summary>
    public int ReadyProcesses => processes?.ReadyCount ?? 0;

    public bool ReplacesWorkers => true;

    public Action? PlacesChanged
    {
        set => _placesChanged = value;
    }

    public Action<ItemRecord>? Announce
    {
        get;
        set
        {
            field = value;
            threads.Announce = value;
            if (processes is not null)
            {
                processes.Announce = value;
            }
        }
    }

    // A worker of either may be there.
    public TimeSpan StopGracePeriod => processes?.StopGracePeriod is { } longer && longer > threads.StopGracePeriod ? longer : threads.StopGracePeriod;

    private IWorkerFactory Current => _isOnProcesses ? processes! : threads;

    public IBatchWorker Create(int number) => new ChoosingWorker(this, number, Way);

    /// <summary>Has items run elsewhere from now on, on so many workers.</summary>
    public void MoveTo(Recommendation way, int width)
    {
        lock (_lock)
        {
            if (way == Way || (way == Recommendation.Processes && !MayMove))
            {
                return;
            }

            _isOnProcesses = way == Recommendation.Processes;
            _movedAt = Stopwatch.GetTimestamp();
            MoveCount++;

            // Threads are ready at once; some may still be there.
            _wanted = way == Recommendation.Threads ? 1 : width;
            _ready = 0;
            _left = 0;
        }

        _placesChanged?.Invoke();
    }

    public void Dispose()
    {
        Closed?.Invoke();
        (threads as IDisposable)?.Dispose();
        (processes as IDisposable)?.Dispose();
    }

    /// <summary>Makes what a worker leaves its items to.</summary>
    internal IBatchWorker CreateFor(Recommendation way, int number) =>
        way == Recommendation.Processes ? processes!.Create(number)
            : meter is not null && number <= Environment.ProcessorCount ? new MeteredWorker(threads.Create(number), number, meter)
            : threads.Create(number);

    /// <summary>Takes note of what a worker has done.</summary>
    internal void NoteItems(long count) => Interlocked.Add(ref _itemCount, count);

    /// <summary>Takes note of a worker that is ready.</summary>
    internal void NoteReady(Recommendation way)
    {
        lock (_lock)
        {
            _ready += way == Way ? 1 : 0;
            if (way == Recommendation.Processes && _ready == _wanted)
            {
                ProcessStart ??= Stopwatch.GetElapsedTime(_movedAt);
            }
        }

        if (way == Recommendation.Threads && ProcessesAtOnce is var count and > 0)
        {
            ProcessesAtOnce = 0;
            MoveTo(Recommendation.Processes, count);
        }
    }

    /// <summary>Lets a worker of before leave, if one of now takes its place.</summary>
    internal bool TryLeave()
    {
        lock (_lock)
        {
            if (_left >= _ready && _ready < _wanted)
            {
                return false;
            }

            _left++;
            return true;
        }
    }
}
