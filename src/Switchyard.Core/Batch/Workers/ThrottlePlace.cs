using Switchyard.Core.Gauges.Kernel;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>Lets one worker in and out of the throttle and, where that is adjusted, measures what it does while it is in.</summary>
/// <param name="tuner">Adjusts the throttle; null if nothing does.</param>
internal sealed class ThrottlePlace(Throttle throttle, ThrottleTuner? tuner, QueueTaker<BatchItem> taker)
{
    private ThrottleSample? _sample;
    private ThreadSchedule? _schedule;
    private int _isInside;

    /// <summary>Called before the worker has to wait for a place. Null if nobody asks.</summary>
    public Action? Waits { get; init; }

    /// <summary>Whether a worker that is inside need not leave before its next item.</summary>
    public bool MayStay => throttle.LetsStay;

    /// <summary>Waits until the worker may run its next item.</summary>
    public bool TryEnter()
    {
        if (_sample is not null && taker.IsEmpty)
        {
            // The next item may have to be waited for.
            EndSample(isWorker: true);
        }

        if (throttle.LetsStay && Volatile.Read(ref _isInside) == 1)
        {
            return true;
        }

        bool wasInside = Interlocked.Exchange(ref _isInside, 0) == 1;
        if (throttle.IsSuspended)
        {
            Waits?.Invoke();
        }

        bool isInside = wasInside ? throttle.Reenter() : throttle.Enter();
        Volatile.Write(ref _isInside, isInside ? 1 : 0);
        return isInside;
    }

    public void BeginItem()
    {
        if (tuner is not null)
        {
            bool isFirst = _schedule is null;
            _schedule ??= tuner.Follow();
            _sample ??= tuner.Begin(_schedule, isFirst);
        }
    }

    public void EndItem(in ItemEnd end)
    {
        if (_sample is { } sample && ThrottleTuner.Count(sample, end.CpuTime))
        {
            EndSample(isWorker: true);
        }
    }

    /// <summary>Gives the place back, if the worker has one.</summary>
    public void Leave(bool isWorker)
    {
        EndSample(isWorker);
        if (isWorker && _schedule is not null)
        {
            tuner!.Unfollow(_schedule);
            _schedule = null;
        }

        if (Interlocked.Exchange(ref _isInside, 0) == 1)
        {
            throttle.Exit();
        }
    }

    private void EndSample(bool isWorker)
    {
        if (Interlocked.Exchange(ref _sample, null) is { } sample)
        {
            tuner!.End(sample, isWorker ? _schedule : null);
        }
    }
}
