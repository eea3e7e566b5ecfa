using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>A worker's place among those that the throttle lets run, in runs whose throttle is adjusted, and what is measured there.</summary>
internal sealed class ThrottlePlace
{
    private readonly ThrottleTuner _tuner;
    private readonly QueueTaker<BatchItem> _taker;
    private ThrottleSample? _sample;
    private int _isInside;

    /// <summary>Is outside.</summary>
    /// <param name="tuner">Lets workers in.</param>
    /// <param name="taker">The worker's end of the queue.</param>
    public ThrottlePlace(ThrottleTuner tuner, QueueTaker<BatchItem> taker)
    {
        _tuner = tuner;
        _taker = taker;
    }

    /// <summary>Waits until the worker may run its next item.</summary>
    /// <returns>False if it may run none any more.</returns>
    public bool TryEnter()
    {
        if (_sample is not null && _taker.IsEmpty)
        {
            // The next item may have to be waited for.
            EndSample(isWorker: true);
        }

        bool wasInside = Interlocked.Exchange(ref _isInside, 0) == 1;
        bool isInside = wasInside ? _tuner.Throttle.Reenter() : _tuner.Throttle.Enter();
        Volatile.Write(ref _isInside, isInside ? 1 : 0);
        return isInside;
    }

    /// <summary>Whether a worker that is inside need not leave before its next item.</summary>
    public bool MayStay => _tuner.Throttle.LetsStay;

    /// <summary>An item begins.</summary>
    public void BeginItem() => _sample ??= _tuner.Begin();

    /// <summary>An item has ended.</summary>
    /// <param name="end">How.</param>
    public void EndItem(in ItemEnd end)
    {
        if (_sample is { } sample && ThrottleTuner.Count(sample, end.CpuTime))
        {
            EndSample(isWorker: true);
        }
    }

    /// <summary>Gives the place back, if the worker has one.</summary>
    /// <param name="isWorker">Whether called on the worker's thread.</param>
    public void Leave(bool isWorker)
    {
        EndSample(isWorker);
        if (Interlocked.Exchange(ref _isInside, 0) == 1)
        {
            _tuner.Throttle.Exit();
        }
    }

    private void EndSample(bool isWorker)
    {
        if (Interlocked.Exchange(ref _sample, null) is { } sample)
        {
            _tuner.End(sample, isWorker);
        }
    }
}
