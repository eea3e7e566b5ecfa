using System.Collections.Concurrent;
using System.ComponentModel;
using Switchyard.Core.Gauges;
using Switchyard.Core.Gauges.Kernel;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// Keeps the number of items that run at a time at what <see cref="AutoThrottle"/> finds best: reports to it what the workers do, and
/// applies what it says.
/// </summary>
internal sealed class ThrottleTuner : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _startTick = TimeSpan.FromMilliseconds(15);

    // Short items are measured several at a time: reporting each would cost more than a trivial one takes.
    private static readonly long _leastTicks = Stopwatch.Frequency / 5_000;

    private readonly object _lock = new();
    private readonly AutoThrottle _controller;
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly TimeProvider _clock;
    private readonly IWorkerFactory _workers;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly IThrottleObserver? _observer;
    private readonly ConcurrentDictionary<ThreadSchedule, (TimeSpan Before, bool IsWarm)> _followed = new();
    private readonly ProcessDelay _delayElsewhere = new();
    private readonly BatchOptions _options;
    private readonly int _least;
    private int _opened;
    private long _done;
    private long _warmTicks;
    private long _lastWarmTicks;
    private TimeSpan _lastPaused = GC.GetTotalPauseDuration();
    private long _lastMeasured = Stopwatch.GetTimestamp();
    private TimeSpan _lastCpu;
    private long _lastTick = Stopwatch.GetTimestamp();
    private ITimer? _timer;
    private Func<bool>? _isOpening;
    private bool _isStarting;
    private bool _isDisposed;
    private volatile bool _isPinned;

    public ThrottleTuner(BatchOptions options, IWorkerFactory workers, BoundedQueue<BatchItem> queue, TimeProvider clock)
    {
        _controller = new AutoThrottle(Environment.ProcessorCount, options.ThrottleLimit, Stopwatch.Frequency, _lastTick, options.InitialThrottle, options.ThrottleHint);
        _options = options;
        _clock = clock;
        _workers = workers;
        _queue = queue;
        _observer = options.ThrottleObserver;
        Throttle = new Throttle(_controller.Limit);
        _least = Math.Min(Environment.ProcessorCount, options.ThrottleLimit);
        TryReadCpu(out _lastCpu);
    }

    public Throttle Throttle { get; }

    /// <summary>How many workers may be opened: those that will soon be wanted are ready when the first items have told.</summary>
    public int OpenLimit => _isPinned ? Throttle.Limit : Math.Max(Throttle.Limit, _least);

    /// <summary>Whether the throttle is still adjusted.</summary>
    public bool IsPinned => _isPinned;

    /// <summary>Begins to adjust the throttle.</summary>
    /// <param name="ticked">Called regularly, with the change that was made; null if there was none.</param>
    /// <param name="isOpening">Tells whether a worker is just being opened.</param>
    public void Start(Action<ThrottleChange?> ticked, Func<bool> isOpening)
    {
        _isOpening = isOpening;
        lock (_lock)
        {
            _isStarting = _controller.IsStarting(Stopwatch.GetTimestamp());
            TimeSpan tick = _isStarting ? _startTick : _tick;
            _timer = _isDisposed ? null : _clock.CreateTimer(_ => Tick(ticked), null, tick, tick);
        }
    }

    /// <summary>Sets the throttle, and adjusts it no more.</summary>
    public void Pin(int limit)
    {
        lock (_lock)
        {
            _isPinned = true;
            Throttle.Limit = limit;
        }
    }

    /// <summary>Begins to look at what the calling thread does.</summary>
    public ThreadSchedule Follow()
    {
        ThreadSchedule schedule = new();
        _followed[schedule] = default;
        Interlocked.Increment(ref _opened);
        return schedule;
    }

    public void Unfollow(ThreadSchedule schedule)
    {
        _followed.TryRemove(schedule, out _);
        schedule.Dispose();
    }

    public ThrottleSample Begin(ThreadSchedule schedule, bool isFirst)
    {
        long now = Stopwatch.GetTimestamp();
        return new ThrottleSample(_controller.Started(now), now, ThreadClock.TryRead(out TimeSpan cpu) ? cpu : null, schedule.Read().Waiting, GC.GetTotalPauseDuration())
        {
            IsFirst = isFirst,
        };
    }

    /// <summary>Counts an item that has ended, and tells whether the measurement is long enough to be ended.</summary>
    public static bool Count(ThrottleSample sample, TimeSpan? cpuElsewhere)
    {
        sample.Items++;
        sample.CpuElsewhere += cpuElsewhere.GetValueOrDefault();
        return Stopwatch.GetTimestamp() - sample.StartedAt >= _leastTicks;
    }

    /// <summary>Ends a measurement.</summary>
    /// <param name="schedule">Given by the worker's own thread, which alone can read this and its processor time; null on others.</param>
    public void End(ThrottleSample sample, ThreadSchedule? schedule)
    {
        TimeSpan used = schedule is not null && sample.CpuAtStart is { } start && ThreadClock.TryRead(out TimeSpan cpu) ? cpu - start : TimeSpan.Zero;
        TimeSpan queued = schedule is null ? TimeSpan.Zero : schedule.Read().Waiting - sample.WaitingAtStart;
        if (sample.IsFirst && schedule is not null && _followed.TryGetValue(schedule, out (TimeSpan Before, bool IsWarm) known))
        {
            _followed[schedule] = known with { IsWarm = true };
        }

        Interlocked.Add(ref _done, Math.Max(1, sample.Items));
        Interlocked.Add(ref _warmTicks, sample.IsFirst ? 0 : used.Ticks);
        _controller.Finished(sample.Token, Stopwatch.GetTimestamp(), Ticks(used + sample.CpuElsewhere), Math.Max(1, sample.Items), Ticks(queued), Ticks(GC.GetTotalPauseDuration() - sample.PausedAtStart));

        static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _process.Dispose();
        }
    }

    private void Tick(Action<ThrottleChange?> ticked)
    {
        lock (_lock)
        {
            if (_isDisposed || !TryReadCpu(out TimeSpan cpu))
            {
                return;
            }

            if (_isPinned || Throttle.IsSuspended)
            {
                // What has happened meanwhile says nothing of the items.
                (_lastTick, _lastCpu) = (Stopwatch.GetTimestamp(), cpu);
                ticked(null);
                return;
            }

            long now = Stopwatch.GetTimestamp();
            double wall = Stopwatch.GetElapsedTime(_lastTick, now).TotalSeconds * Environment.ProcessorCount;
            double share = wall > 0 ? Math.Clamp((cpu - _lastCpu).TotalSeconds / wall, 0, 1) : 0;
            (_lastTick, _lastCpu) = (now, cpu);
            double left = ExpectLeft();
            double warmDemand = 0;
            double? demand = wall > 0 ? ReadDemand(wall, share, out warmDemand) : null;
            NoteWorkers(now, share, warmDemand, left);
            ThrottleChange? change = _controller.Tick(now, share, demand, _workers.RunsElsewhere);
            if (_isStarting != _controller.IsStarting(now))
            {
                _isStarting = !_isStarting;
                _timer?.Change(_isStarting ? _startTick : _tick, _isStarting ? _startTick : _tick);
            }

            if (_observer is not null && _controller.Measured is { } measured && _observer.Judge(AsSeenElsewhere(measured, now), left) is { } limit)
            {
                // Items are moved to processes because they compute: of more than have a core each, none would be faster.
                _controller.Restart(limit, now, _workers.RunsElsewhere ? Environment.ProcessorCount : int.MaxValue);
                change = null;
            }

            Throttle.Limit = _controller.Limit;
            _observer?.NoteLimit(_controller.Limit);
            ticked(change);
        }
    }

    // What workers in other processes cost is not known here.
    private void NoteWorkers(long now, double share, double warmDemand, double left)
    {
        long warm = Interlocked.Read(ref _warmTicks);
        if (!_workers.RunsElsewhere)
        {
            _controller.NoteWorkers(now, share, TimeSpan.FromTicks(warm - _lastWarmTicks).TotalSeconds, warmDemand, Volatile.Read(ref _opened), _isOpening?.Invoke() == true, left);
        }

        _lastWarmTicks = warm;
    }

    /// <summary>How many items are to be expected: as many as are known to come, else as many as have been or wait, whichever is more.</summary>
    private double ExpectLeft()
    {
        long waiting = _queue.CountWaiting();
        if (_queue.IsCompleted)
        {
            return waiting;
        }

        double done = Interlocked.Read(ref _done);

        // How many groups of as many as fit there will be is not known.
        double known = _options.GroupSize < int.MaxValue && _options.ExpectedCount() is { } total
            ? ((total - (_options.Journal?.DoneBefore ?? 0)) / (double)_options.GroupSize) - done
            : Math.Max(done, (_options.CountBefore ?? 0) - done);
        return Math.Max(waiting, known);
    }

    /// <summary>
    /// Reads what share of the cores the items' own threads have had or would have had since the last time. The process also compiles, collects and starts threads,
    /// which is no item's.
    /// </summary>
    /// <param name="warmDemand">What of that is of threads that have ended an item before: the others set up what theirs need.</param>
    /// <returns>Null where that is not known.</returns>
    private double? ReadDemand(double wall, double share, out double warmDemand)
    {
        warmDemand = 0;
        if (_workers.RunsElsewhere)
        {
            return null;
        }

        // A thread that the collector has stopped waits for nothing of its own either.
        TimeSpan paused = GC.GetTotalPauseDuration();
        TimeSpan more = (paused - _lastPaused) * Math.Min(Throttle.Running, Environment.ProcessorCount);
        bool isKnown = true;
        _lastPaused = paused;
        TimeSpan warm = more;
        foreach ((ThreadSchedule schedule, (TimeSpan Before, bool IsWarm) known) in _followed)
        {
            (TimeSpan onCore, TimeSpan waiting) = schedule.Read();
            isKnown &= schedule.IsKnown;
            if (known.Before > TimeSpan.Zero && onCore + waiting > known.Before)
            {
                more += onCore + waiting - known.Before;
                warm += known.IsWarm ? onCore + waiting - known.Before : TimeSpan.Zero;
            }

            _followed.TryUpdate(schedule, known with { Before = onCore + waiting }, known);
        }

        warmDemand = warm.TotalSeconds / wall;

        // While no worker is opened, what the process does besides is done for them: the engine compiles loops on a thread of its own.
        double demand = Math.Min(1, more.TotalSeconds / wall);
        return !isKnown ? null : _isOpening?.Invoke() == false ? Math.Max(demand, share) : demand;
    }

    /// <summary>Adds how long items waited for a core in other processes: their worker's thread here knows nothing of that.</summary>
    private ThrottleMeasurement AsSeenElsewhere(in ThrottleMeasurement measured, long now)
    {
        double items = measured.Throughput * Stopwatch.GetElapsedTime(_lastMeasured, now).TotalSeconds;
        _lastMeasured = now;
        if (!_workers.RunsElsewhere || items <= 0)
        {
            return measured;
        }

        return measured with { RunQueue = Math.Min(measured.Latency, _delayElsewhere.ReadMore(_workers.ProcessIds).TotalSeconds / items) };
    }

    private bool TryReadCpu(out TimeSpan cpu)
    {
        // The machine's, as a child's time is known only when it has ended. Other programs are in it, but they take processor time
        // from this run all the same.
        if (_workers.RunsElsewhere && MachineClock.Read() is { } machine)
        {
            cpu = machine.Busy;
            return true;
        }

        try
        {
            _process.Refresh();
            cpu = _process.TotalProcessorTime;
            return true;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // No file handle left, for example. The throttle stays as it is until the next tick; thrown on a timer's thread, this
            // would end the caller's process.
            Debug.WriteLine(exception);
            cpu = default;
            return false;
        }
    }
}
