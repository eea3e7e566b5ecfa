using Switchyard.Core.Analysis;

namespace Switchyard.Core.Choices;

/// <summary>A worker on a thread or in a process, which leaves when items are to run on the other.</summary>
internal sealed class ChoosingWorker : IBatchWorker
{
    private readonly ChoosingWorkerFactory _factory;
    private readonly int _number;
    private readonly object _lock = new();
    private Recommendation _way;
    private IBatchWorker _inner;
    private bool _isStopped;

    public ChoosingWorker(ChoosingWorkerFactory factory, int number, Recommendation way)
    {
        _factory = factory;
        _number = number;
        _way = way;
        _inner = factory.CreateFor(way, number);
    }

    public string? HostName => Inner.HostName;

    public int? ProcessId => Inner.ProcessId;

    public TimeSpan? RunTime => Inner.RunTime;

    public bool IsOutgoing => _way != _factory.Way;

    private IBatchWorker Inner
    {
        get
        {
            lock (_lock)
            {
                return _inner;
            }
        }
    }

    public void Open(IItemSink sink)
    {
        try
        {
            _inner.Open(sink);
        }
        catch (WorkerStartException exception) when (_way == Recommendation.Processes)
        {
            // The run can do without.
            _factory.WhyThreads = exception.Message;
            if (!TryReplace())
            {
                throw;
            }

            _inner.Open(sink);
        }

        _factory.NoteReady(_way);
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        Sink counted = new(_factory, ExamineOnThreads(), sink);
        try
        {
            _inner.Run(new Source(this, source), counted);
        }
        finally
        {
            _factory.NoteItems(counted.Count);
        }
    }

    public void Finish(IItemSink sink) => _inner.Finish(new Sink(_factory, ExamineOnThreads(), sink));

    public void StopItem() => Inner.StopItem();

    public void Stop()
    {
        IBatchWorker inner;
        lock (_lock)
        {
            _isStopped = true;
            inner = _inner;
        }

        inner.Stop();
    }

    public void Abandon() => Inner.Abandon();

    public void Dispose() => _inner.Dispose();

    private bool TryReplace()
    {
        lock (_lock)
        {
            if (_isStopped)
            {
                return false;
            }

            _inner.Dispose();
            _way = Recommendation.Threads;
            _inner = _factory.CreateFor(_way, _number);
            return true;
        }
    }

    private Func<object?, string?>? ExamineOnThreads() => _way == Recommendation.Threads && _factory.MayMove ? _factory.Examine : null;

    private bool MustLeave() => IsOutgoing && _factory.TryLeave();

    private sealed class Source(ChoosingWorker worker, IItemSource inner) : IItemSource
    {
        public IItemAhead? Ahead { get; } = inner.Ahead is { } ahead ? new AheadSource(worker, ahead) : null;

        public bool TryTake(out BatchItem item)
        {
            if (worker.MustLeave())
            {
                item = default;
                return false;
            }

            return inner.TryTake(out item);
        }
    }

    private sealed class AheadSource(ChoosingWorker worker, IItemAhead inner) : IItemAhead
    {
        // What it holds is soon for others.
        public bool OthersWait => inner.OthersWait || worker.IsOutgoing;

        public bool MayStart => inner.MayStart;

        public bool TryReserve(bool waits, out BatchItem item)
        {
            // One that waits has nothing in hand: only then it can leave.
            if (worker.IsOutgoing && (!waits || worker.MustLeave()))
            {
                item = default;
                return false;
            }

            return inner.TryReserve(waits, out item);
        }

        public bool TryBegin() => inner.TryBegin();

        public void Return(int count) => inner.Return(count);
    }

    private sealed class Sink(ChoosingWorkerFactory factory, Func<object?, string?>? examine, IItemSink inner) : IItemSink
    {
        public long Count { get; private set; }

        public long Unsummed => inner.Unsummed;

        public void BeginSums() => inner.BeginSums();

        public void EndSums(SumsEnd end) => inner.EndSums(end);

        public void Write(RecordKind kind, object? value)
        {
            if (kind is RecordKind.Output or RecordKind.Error && examine is not null && factory.MayMove)
            {
                factory.WhyThreads = examine(value);
            }

            inner.Write(kind, value);
        }

        public void EnterUserCode() => inner.EnterUserCode();

        public void LeaveUserCode() => inner.LeaveUserCode();

        public bool Counts(in ItemEnd end) => inner.Counts(end);

        public void Complete(in ItemEnd end)
        {
            Count++;
            inner.Complete(end);
        }
    }
}
