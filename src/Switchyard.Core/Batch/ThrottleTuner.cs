using System.ComponentModel;
using System.Diagnostics;
using Switchyard.Core.Gauges;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch;

/// <summary>
/// Holds the run's workers to a limit that follows what is measured: feeds <see cref="AutoThrottle"/> with what they do, and
/// applies what it says.
/// </summary>
internal sealed class ThrottleTuner : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(50);

    // Short items are measured some at a time: telling of each would cost more than a trivial one takes.
    private static readonly long _leastTicks = Stopwatch.Frequency / 20_000;

    private readonly object _lock = new();
    private readonly AutoThrottle _controller;
    private readonly Action<ThrottleChange?> _changed;
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly ITimer _timer;
    private readonly bool _runsElsewhere;
    private TimeSpan _lastCpu;
    private long _lastTick = Stopwatch.GetTimestamp();
    private bool _isDisposed;

    /// <summary>Starts at the number of cores.</summary>
    /// <param name="ceiling">The most workers that may run at a time.</param>
    /// <param name="clock">Calls for the regular look at what was measured.</param>
    /// <param name="runsElsewhere">Whether items run in other processes.</param>
    /// <param name="changed">Told of each change, and of none at each look at which there is none: then items may still wait for workers.</param>
    public ThrottleTuner(int ceiling, TimeProvider clock, bool runsElsewhere, Action<ThrottleChange?> changed)
    {
        _controller = new AutoThrottle(Environment.ProcessorCount, ceiling, Stopwatch.Frequency, _lastTick);
        _changed = changed;
        Throttle = new Throttle(_controller.Limit);
        _runsElsewhere = runsElsewhere;
        TryReadCpu(out _lastCpu);
        _timer = clock.CreateTimer(_ => Tick(), null, _tick, _tick);
    }

    /// <summary>What workers enter to run items.</summary>
    public Throttle Throttle { get; }

    /// <summary>Begins to measure a worker's next items.</summary>
    /// <returns>The measurement.</returns>
    public ThrottleSample Begin()
    {
        long now = Stopwatch.GetTimestamp();
        return new ThrottleSample(_controller.Started(now), now, ThreadClock.TryRead(out TimeSpan cpu) ? cpu : null);
    }

    /// <summary>Counts an item that has ended.</summary>
    /// <param name="sample">The measurement in which it ran.</param>
    /// <param name="cpuElsewhere">Processor time that it took elsewhere than on the worker's thread; null if it did not.</param>
    /// <returns>Whether the measurement is long enough to be ended.</returns>
    public static bool Count(ThrottleSample sample, TimeSpan? cpuElsewhere)
    {
        sample.Items++;
        sample.CpuElsewhere += cpuElsewhere.GetValueOrDefault();
        return Stopwatch.GetTimestamp() - sample.StartedAt >= _leastTicks;
    }

    /// <summary>Ends a measurement.</summary>
    /// <param name="sample">The measurement.</param>
    /// <param name="isWorker">Whether called on the worker's thread, whose clock can be read.</param>
    public void End(ThrottleSample sample, bool isWorker)
    {
        TimeSpan used = isWorker && sample.CpuAtStart is { } start && ThreadClock.TryRead(out TimeSpan cpu) ? cpu - start : TimeSpan.Zero;
        long cpuTicks = (long)((used + sample.CpuElsewhere).TotalSeconds * Stopwatch.Frequency);
        _controller.Finished(sample.Token, Stopwatch.GetTimestamp(), cpuTicks, Math.Max(1, sample.Items));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            _process.Dispose();
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            if (!TryReadCpu(out TimeSpan cpu))
            {
                return;
            }

            long now = Stopwatch.GetTimestamp();
            double wall = Stopwatch.GetElapsedTime(_lastTick, now).TotalSeconds * Environment.ProcessorCount;
            double share = wall > 0 ? Math.Clamp((cpu - _lastCpu).TotalSeconds / wall, 0, 1) : 0;
            (_lastTick, _lastCpu) = (now, cpu);
            ThrottleChange? change = _controller.Tick(now, share);
            if (change is not null)
            {
                Throttle.Limit = _controller.Limit;
            }

            _changed(change);
        }
    }

    private bool TryReadCpu(out TimeSpan cpu)
    {
        // The machine's, as children tell of their time only when they have ended, and of their own children's only then. What else
        // runs there is in it; it takes processor time from this run all the same.
        if (_runsElsewhere && MachineClock.TryReadBusy(out cpu))
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
            // No file handle left, say. The throttle stays as it is until the next look; thrown on a timer's thread, this would end
            // the caller's process.
            Debug.WriteLine(exception);
            cpu = default;
            return false;
        }
    }
}
