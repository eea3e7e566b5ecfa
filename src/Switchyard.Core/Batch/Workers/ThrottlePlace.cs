using Switchyard.Core.Gauges.Kernel;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>Lets one worker in and out of an adjusted throttle, and measures what it does while it is in.</summary>
internal sealed class ThrottlePlace(ThrottleTuner tuner, QueueTaker<BatchItem> taker)
{
    private ThrottleSample? _sample;
    private ThreadSchedule? _schedule;
    private int _isInside;

    /// <summary>Waits until the worker may run its next item.</summary>
    public bool TryEnter()
    {
        if (_sample is not null && taker.IsEmpty)
        {
            // The next item may have to be waited for.
            EndSample(isWorker: true);
        }

        bool wasInside = Interlocked.Exchange(ref _isInside, 0) == 1;
        bool isInside = wasInside ? tuner.Throttle.Reenter() : tuner.Throttle.Enter();
        Volatile.Write(ref _isInside, isInside ? 1 : 0);
        return isInside;
    }

    /// <summary>Whether a worker that is inside need not leave before its next item.</summary>
    public bool MayStay => tuner.Throttle.LetsStay;

    public void BeginItem()
    {
        _schedule ??= tuner.Follow();
        _sample ??= tuner.Begin(_schedule);
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
            tuner.Unfollow(_schedule);
            _schedule = null;
        }

        if (Interlocked.Exchange(ref _isInside, 0) == 1)
        {
            tuner.Throttle.Exit();
        }
    }

    private void EndSample(bool isWorker)
    {
        if (Interlocked.Exchange(ref _sample, null) is { } sample)
        {
            tuner.End(sample, isWorker ? _schedule : null);
        }
    }
}
