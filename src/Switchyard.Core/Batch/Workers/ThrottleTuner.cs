using System.ComponentModel;
using Switchyard.Core.Gauges;
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
    private static readonly long _leastTicks = Stopwatch.Frequency / 20_000;

    private readonly object _lock = new();
    private readonly AutoThrottle _controller;
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly TimeProvider _clock;
    private readonly IWorkerFactory _workers;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly IThrottleObserver? _observer;
    private TimeSpan _lastCpu;
    private long _lastTick = Stopwatch.GetTimestamp();
    private ITimer? _timer;
    private bool _isStarting;
    private bool _isDisposed;

    public ThrottleTuner(BatchOptions options, IWorkerFactory workers, BoundedQueue<BatchItem> queue, TimeProvider clock)
    {
        _controller = new AutoThrottle(Environment.ProcessorCount, options.ThrottleLimit, Stopwatch.Frequency, _lastTick, options.InitialThrottle);
        _clock = clock;
        _workers = workers;
        _queue = queue;
        _observer = options.ThrottleObserver;
        Throttle = new Throttle(_controller.Limit);
        TryReadCpu(out _lastCpu);
    }

    public Throttle Throttle { get; }

    /// <summary>Begins to adjust the throttle.</summary>
    /// <param name="ticked">Called regularly, with the change that was made; null if there was none.</param>
    public void Start(Action<ThrottleChange?> ticked)
    {
        lock (_lock)
        {
            _isStarting = _controller.IsStarting(Stopwatch.GetTimestamp());
            TimeSpan tick = _isStarting ? _startTick : _tick;
            _timer = _isDisposed ? null : _clock.CreateTimer(_ => Tick(ticked), null, tick, tick);
        }
    }

    public ThrottleSample Begin()
    {
        long now = Stopwatch.GetTimestamp();
        return new ThrottleSample(_controller.Started(now), now, ThreadClock.TryRead(out TimeSpan cpu) ? cpu : null);
    }

    /// <summary>Counts an item that has ended, and tells whether the measurement is long enough to be ended.</summary>
    public static bool Count(ThrottleSample sample, TimeSpan? cpuElsewhere)
    {
        sample.Items++;
        sample.CpuElsewhere += cpuElsewhere.GetValueOrDefault();
        return Stopwatch.GetTimestamp() - sample.StartedAt >= _leastTicks;
    }

    /// <summary>Ends a measurement. Only the worker's own thread can read its processor time.</summary>
    public void End(ThrottleSample sample, bool isWorker)
    {
        TimeSpan used = isWorker && sample.CpuAtStart is { } start && ThreadClock.TryRead(out TimeSpan cpu) ? cpu - start : TimeSpan.Zero;
        long cpuTicks = (long)((used + sample.CpuElsewhere).TotalSeconds * Stopwatch.Frequency);
        _controller.Finished(sample.Token, Stopwatch.GetTimestamp(), cpuTicks, Math.Max(1, sample.Items));
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

            long now = Stopwatch.GetTimestamp();
            double wall = Stopwatch.GetElapsedTime(_lastTick, now).TotalSeconds * Environment.ProcessorCount;
            double share = wall > 0 ? Math.Clamp((cpu - _lastCpu).TotalSeconds / wall, 0, 1) : 0;
            (_lastTick, _lastCpu) = (now, cpu);
            ThrottleChange? change = _controller.Tick(now, share);
            if (_isStarting != _controller.IsStarting(now))
            {
                _isStarting = !_isStarting;
                _timer?.Change(_isStarting ? _startTick : _tick, _isStarting ? _startTick : _tick);
            }

            if (_controller.Measured is { } measured && _observer?.Judge(measured, _queue.CountWaiting(), _queue.IsCompleted) is { } limit)
            {
                _controller.Restart(limit, now);
                change = null;
            }

            Throttle.Limit = _controller.Limit;

            ticked(change);
        }
    }

    private bool TryReadCpu(out TimeSpan cpu)
    {
        // The machine's, as a child's time is known only when it has ended. Other programs are in it, but they take processor time
        // from this run all the same.
        if (_workers.RunsElsewhere && MachineClock.TryReadBusy(out cpu))
        {
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
