using System.Collections.Concurrent;
using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>Makes scripted workers and remembers them.</summary>
internal sealed class ScriptedWorkers(Action<BatchItem, ItemContext> body) : IWorkerFactory
{
    private int _opened;

    public Action<BatchItem, ItemContext> Body => body;

    public TimeSpan OpenCost { get; init; }

    /// <summary>How long one may take to stop before it is abandoned.</summary>
    public TimeSpan StopGracePeriod { get; init; }

    /// <summary>The fault of each worker, by its number; none if not given.</summary>
    public Func<int, WorkerFault> Fault { get; init; } = _ => WorkerFault.None;

    /// <summary>The machine that each worker is on, by its number; this one if not given.</summary>
    public Func<int, string?> Host { get; init; } = _ => null;

    /// <summary>What opening does, given the worker's number.</summary>
    public Action<int, IItemSink>? OnOpen { get; init; }

    /// <summary>What a worker does after its last item.</summary>
    public Action<ItemContext>? OnFinish { get; init; }

    public ConcurrentQueue<ScriptedWorker> Created { get; } = new();

    public int Opened => Volatile.Read(ref _opened);

    public IBatchWorker Create(int number)
    {
        ScriptedWorker worker = new(this, number, Fault(number));
        Created.Enqueue(worker);
        return worker;
    }

    public void NoteOpened() => Interlocked.Increment(ref _opened);

    /// <summary>Every test's bounded end: no worker is left.</summary>
    public void WaitUntilAllAreGone()
    {
        foreach (ScriptedWorker worker in Created)
        {
            worker.Disposed.Pass();
        }
    }
}
