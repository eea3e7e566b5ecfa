using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// What the thread does that adds items and writes output: it waits for room, output or the end, and goes on with whichever comes.
/// </summary>
internal sealed class RunPump(RunState state, WorkerPool pool, OutputReader reader, ItemIntake intake, ProgressReporter? progress)
{
    private const int LingerMilliseconds = 1;

    // How many items a fast input may add before output is read. With a slow one it is read each time.
    private const int AddsPerDrain = 32;

    // How often it is checked whether another worker pays while items wait. At other times there is no such tick.
    private const int GrowthMilliseconds = 20;

    private readonly WakeSignal _signal = state.Signal;
    private int _addsSinceDrain;
    private long _lastDrain;

    public bool Add(object? input, IResultSink sink)
    {
        if (_signal.IsAnnounced && IsDrainDue())
        {
            Drain(sink);
        }

        if (state.TakesNothing)
        {
            return false;
        }

        bool wakesImmediately = false;
        while (intake.HoldsUpKept && !state.TakesNothing)
        {
            wakesImmediately = !Await(wakesImmediately, () => intake.HoldsUpKept);
            Drain(sink);
        }

        if (intake.TrySkip(input, out ItemKey key))
        {
            return true;
        }

        BatchItem item = intake.Open(input, key);
        double weight = intake.Weigh(input);
        if (intake.Groups)
        {
            intake.AddToGroup(item, weight);
            AddGroups(sink);
            return true;
        }

        return intake.TryAdd(item, weight) || AddWaiting(item, weight, sink);
    }

    /// <summary>Adds what waits for others to be a group, and writes meanwhile: no other item comes.</summary>
    public void CloseGroup(IResultSink sink)
    {
        intake.CloseGroup();
        AddGroups(sink);
    }

    /// <summary>Writes until the input has ended and all items are done.</summary>
    /// <returns>False if the run was ended before that.</returns>
    public bool Pump(IResultSink sink)
    {
        bool wakesImmediately = false;
        while (true)
        {
            // The order matters: what a worker wrote before it became idle is in its buffer when the buffers are drained.
            intake.TakeFromSources();
            bool done = IsDone();
            Drain(sink);
            if (state.IsEndedEarly)
            {
                return false;
            }

            // The drain may have passed over a buffer, as too much was held for order, and then made room for it.
            if (done && reader.AreBuffersEmpty())
            {
                return true;
            }

            pool.GrowIfWorthwhile();
            wakesImmediately = !Await(wakesImmediately, () => !IsDone() && !intake.MayTakeFromSource);
        }
    }

    private void AddGroups(IResultSink sink)
    {
        while (intake.HasGroup && AddWaiting(intake.TryAddGroup, sink))
        {
        }
    }

    // Apart, as most items find room at once and pay for no delegate.
    private bool AddWaiting(BatchItem item, double weight, IResultSink sink) => AddWaiting(() => intake.TryAdd(item, weight), sink);

    private bool AddWaiting(Func<bool> tryAdd, IResultSink sink)
    {
        bool wakesImmediately = false;
        while (!state.TakesNothing)
        {
            if (tryAdd())
            {
                return true;
            }

            wakesImmediately = !Await(wakesImmediately, () => !intake.HasRoom || state.Queue.WaitsForRoom());
            Drain(sink);
        }

        return false;
    }

    /// <summary>Waits for the signal: first a moment for a full batch, after that for anything.</summary>
    /// <returns>Whether the next wait may wait for enough again.</returns>
    private bool Await(bool wakesImmediately, Func<bool> nothingHappened)
    {
        _signal.Prepare(wakesImmediately);
        if (!nothingHappened() || (wakesImmediately && reader.HasOutput()) || state.IsEndedEarly)
        {
            return true;
        }

        bool mayGrow = pool.MayGrow && (!state.Queue.IsEmpty() || pool.HasReserved);
        int longest = !wakesImmediately ? LingerMilliseconds : mayGrow ? GrowthMilliseconds : progress?.MillisecondsToNext ?? Timeout.Infinite;
        bool woken = _signal.Wait(longest);
        if (mayGrow)
        {
            pool.GrowIfWorthwhile();
        }

        return woken;
    }

    // Fetching a record at a time costs as much as running a trivial item.
    private bool IsDrainDue()
    {
        long now = Environment.TickCount64;
        if (++_addsSinceDrain < AddsPerDrain && now == _lastDrain)
        {
            return false;
        }

        _addsSinceDrain = 0;
        _lastDrain = now;
        return true;
    }

    // The queue first: a worker that takes the last item later than that is seen at work.
    private bool IsDone()
    {
        bool isExhausted = intake.IsExhausted;
        if (isExhausted && state.Throttle.IsSuspended && !pool.HasReserved)
        {
            // Nothing is left that could be started: workers that wait for a place are to see that, too.
            state.Throttle.IsSuspended = false;
        }

        return (state.HasTooManyFailures || isExhausted) && !Array.Exists(pool.Workers, worker => worker.IsBusy);
    }

    private void Drain(IResultSink sink)
    {
        try
        {
            reader.Drain(sink);
            progress?.ReportIfDue();
        }
        catch
        {
            // Records are lost now, so the run cannot go on as if nothing had happened.
            state.TryEnd(RunEnd.Canceled);
            throw;
        }
    }
}
