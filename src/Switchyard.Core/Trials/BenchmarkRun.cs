using Switchyard.Core.Analysis;
using Switchyard.Core.Batch;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

/// <summary>Runs some items on a number of workers and records when each ran.</summary>
internal sealed class BenchmarkRun : IItemMeter, IDisposable
{
    private readonly IWorkerFactory _workers;
    private readonly int _width;
    private readonly SemaphoreSlim _room = new(0);
    private readonly CountdownEvent _toOpen;
    private readonly HashSet<int> _warm = [];
    private volatile bool _isEnough;
    private BenchmarkLimits _limits = null!;
    private double _diskShare;

    /// <summary>Prepares a run.</summary>
    /// <param name="workers">Makes the workers; it is disposed of after the run, if it can be.</param>
    /// <param name="isProbed">Whether the threads' use of the machine is read, too.</param>
    public BenchmarkRun(IWorkerFactory workers, int width, bool isProbed)
    {
        _workers = workers;
        _width = width;
        IsProbed = isProbed;
        _toOpen = new CountdownEvent(width);
    }

    public BenchmarkLog Log { get; } = new();

    public bool IsOn => true;

    public bool IsProbed { get; }

    public double DiskShare
    {
        get => Volatile.Read(ref _diskShare);
        set => Volatile.Write(ref _diskShare, value);
    }

    /// <summary>Runs items until a limit is reached. What was not started is given back.</summary>
    /// <param name="records">Takes what items write beside their output and errors, on a thread of the run's.</param>
    public BenchmarkOutcome Run(
        ItemSupply supply, BenchmarkLimits limits, Action<ItemRecord> records, Action<ItemResult> results, CancellationToken cancellation)
    {
        _limits = limits;
        BatchOptions options = new()
        {
            ThrottleLimit = _width,
            OpenLimit = _width,
            CollectResults = true,
            IsUnbounded = true,
            Timeout = limits.Deadline,
        };
        ResultSink sink = new(records, results);
        using BatchRun run = new(options, new MeteredWorkerFactory(_workers, this), TimeProvider.System);
        Thread pump = new(() => Pump(run, sink)) { IsBackground = true, Name = "Switchyard benchmark" };
        pump.Start();
        using (cancellation.Register(() => Stop(run)))
        {
            PostItems(run, supply, cancellation);
            run.EndInput();
            pump.Join();
        }

        RunOutcome outcome = run.Close();
        run.WriteRest(sink);
        supply.GiveBack(sink.Unused);
        return new BenchmarkOutcome(_width, Log, outcome, sink.Failures, DiskShare);
    }

    public void Dispose()
    {
        _room.Dispose();
        _toOpen.Dispose();
    }

    /// <summary>A worker is ready. Waits for the others, so that none begins before all can: at most as long as the run may take.</summary>
    public void NoteOpened()
    {
        Log.NoteOpened();
        if (!_toOpen.IsSet)
        {
            _toOpen.Signal();
        }

        _toOpen.Wait(_limits.Deadline);
    }

    /// <summary>The run is being stopped: workers that are open do not wait for those that will not come.</summary>
    public void StopWaiting()
    {
        while (!_toOpen.IsSet)
        {
            try
            {
                _toOpen.Signal();
            }
            catch (InvalidOperationException)
            {
                // The last one came at this moment.
                return;
            }
        }
    }

    public void Note(in SampledItem item)
    {
        Log.Note(item);
        NoteWarm(item.Worker);
        if (_limits.IsEnough?.Invoke(Log) == true)
        {
            _isEnough = true;
        }

        _room.Release();
    }

    private void NoteWarm(int worker)
    {
        if (Log.Warm is null)
        {
            lock (_warm)
            {
                if (_warm.Add(worker) && _warm.Count == _width)
                {
                    Log.Warm = WarmState.Now();
                }
            }
        }
    }

    private void Stop(BatchRun run)
    {
        run.Cancel();
        StopWaiting();
    }

    private void Pump(BatchRun run, ResultSink sink)
    {
        if (!run.Pump(sink))
        {
            // Closing the run tells why.
            Debug.WriteLine("ended early");
        }

        // Stopped, out of time, or without a worker: the thread that posts items waits for an end that will not come.
        _room.Release();
    }

    /// <summary>Adds an item for each that ends, so that none is ever read that is not run; and some at first, so that each worker has its next.</summary>
    private void PostItems(BatchRun run, ItemSupply supply, CancellationToken cancellation)
    {
        int ahead = Math.Max(_limits.Ahead, _width == 1 ? 1 : _width * 2);
        for (int given = 0; given < _limits.MaxItems; given++)
        {
            TimeSpan left = TimeLeft();
            if (given >= ahead && (left <= TimeSpan.Zero || !_room.Wait(left, CancellationToken.None)))
            {
                return;
            }

            if (_isEnough
                || left <= TimeSpan.Zero
                || cancellation.IsCancellationRequested
                || run.IsEnded
                || supply.Await(1, left) == 0
                || !supply.TryTake(out object? item))
            {
                return;
            }

            run.Post(item);
        }
    }

    // What it takes to open workers, and to warm them up, is no part of the time that they are given.
    private TimeSpan TimeLeft()
    {
        // Of one worker, the first items are told apart by their time; of several, each has to have done an item.
        long since = _width == 1 ? Log.Start : Log.Warm?.Timestamp ?? 0;
        return since == 0
            ? _limits.Deadline - Stopwatch.GetElapsedTime(Log.Start)
            : _limits.StartTime - Stopwatch.GetElapsedTime(since);
    }

    private sealed class ResultSink(Action<ItemRecord> records, Action<ItemResult> results) : IResultSink
    {
        private readonly List<object?> _unused = [];
        private readonly List<ItemResult> _failures = [];

        public IReadOnlyList<object?> Unused => _unused;

        public IReadOnlyList<ItemResult> Failures => _failures;

        public void Write(in ItemRecord record)
        {
            // What each worker's initialization says, the real run says again.
            if (record.Index != ItemRecord.NoItem)
            {
                records(record);
            }
        }

        public void Complete(ItemResult result)
        {
            if (result.Status == ItemStatus.Skipped)
            {
                _unused.Add(result.Input);
                return;
            }

            if (result.Status != ItemStatus.Succeeded)
            {
                _failures.Add(result);
            }

            results(result);
        }
    }
}
