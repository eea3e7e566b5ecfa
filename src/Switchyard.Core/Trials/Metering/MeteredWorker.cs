using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;

namespace Switchyard.Core.Trials.Metering;

/// <summary>A worker that records when its items run and, where they run on its thread, what they use.</summary>
internal sealed class MeteredWorker(IBatchWorker inner, int number, IItemMeter meter) : IBatchWorker
{
    // Reading takes some microseconds: nothing beside an interval of 5 ms, be that one item or thousands.
    private static readonly long _intervalLength = Stopwatch.Frequency / 200;

    private IWorkProbe? _probe;
    private ThreadStates? _states;
    private WorkReading _before;
    private bool _isMeasuring;
    private long _start;

    public string? HostName => inner.HostName;

    public void Open(IItemSink sink)
    {
        inner.Open(sink);
        meter.NoteOpened();
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        if (meter is { IsProbed: true, IsOn: true })
        {
            _probe ??= WorkProbe.ForThisThread();
            _states ??= new ThreadStates();
        }

        inner.Run(new Source(this, source), new Sink(this, sink));
        EndInterval();
    }

    public void Finish(IItemSink sink) => inner.Finish(sink);

    public void StopItem() => inner.StopItem();

    public void Stop()
    {
        meter.StopWaiting();
        inner.Stop();
    }

    public void Abandon() => inner.Abandon();

    public void Dispose()
    {
        inner.Dispose();
        EndProbing();
    }

    private void Begin()
    {
        if (!meter.IsOn)
        {
            EndProbing();
            return;
        }

        if (_probe is not null && !_isMeasuring)
        {
            _before = _probe.Read();
            _isMeasuring = true;
        }

        if (_states is not null)
        {
            _states.IsOn = true;
        }

        _start = Stopwatch.GetTimestamp();
    }

    private void End(in ItemEnd end)
    {
        if (_start == 0)
        {
            return;
        }

        long now = Stopwatch.GetTimestamp();
        if (_states is not null)
        {
            _states.IsOn = false;
            meter.DiskShare = _states.DiskShare;
        }

        if (_isMeasuring && now - _before.Timestamp >= _intervalLength)
        {
            EndInterval();
        }

        // An item that ran elsewhere knows better when it did: it was sent before, and its end came later.
        long start = end.Duration is { } duration ? now - (long)(duration.TotalSeconds * Stopwatch.Frequency) : _start;
        meter.Note(new SampledItem(number, start, now, end.Status, end.CpuTime));
        _start = 0;
    }

    private void EndProbing()
    {
        if (_probe is not null)
        {
            EndInterval();
            _states?.Dispose();
            _probe.Dispose();
            (_states, _probe) = (null, null);
        }
    }

    private void EndInterval()
    {
        if (_isMeasuring)
        {
            meter.Log.NoteUsed(new SampleInterval(_before.Timestamp, _probe!.Read().Since(_before)));
            _isMeasuring = false;
        }
    }

    private sealed class Source(MeteredWorker worker, IItemSource inner) : IItemSource
    {
        public IItemAhead? Ahead { get; } = inner.Ahead is { } ahead ? new AheadSource(worker, ahead) : null;

        public bool TryTake(out BatchItem item)
        {
            bool isTaken = inner.TryTake(out item);
            if (isTaken)
            {
                worker.Begin();
            }

            return isTaken;
        }
    }

    private sealed class AheadSource(MeteredWorker worker, IItemAhead inner) : IItemAhead
    {
        public bool OthersWait => inner.OthersWait;

        public bool MayStart => inner.MayStart;

        public bool TryReserve(bool waits, out BatchItem item) => inner.TryReserve(waits, out item);

        public bool TryBegin()
        {
            bool isBegun = inner.TryBegin();
            if (isBegun)
            {
                worker.Begin();
            }

            return isBegun;
        }

        public void Return(int count) => inner.Return(count);
    }

    private sealed class Sink(MeteredWorker worker, IItemSink inner) : IItemSink
    {
        public long Unsummed => inner.Unsummed;

        public void BeginSums() => inner.BeginSums();

        public void EndSums(SumsEnd end) => inner.EndSums(end);

        public void Write(RecordKind kind, object? value) => inner.Write(kind, value);

        public void EnterUserCode() => inner.EnterUserCode();

        public void LeaveUserCode() => inner.LeaveUserCode();

        public bool Counts(in ItemEnd end) => inner.Counts(end);

        public void Complete(in ItemEnd end)
        {
            worker.End(end);
            inner.Complete(end);
        }
    }
}
