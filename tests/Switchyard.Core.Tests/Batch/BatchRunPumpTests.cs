using System.Collections.Concurrent;
using Switchyard.Core.Harness;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.Batch;

public sealed class BatchRunPumpTests
{
    [Fact]
    public async Task Items_may_bring_more_items_until_none_is_at_work()
    {
        for (int round = 0; round < 50; round++)
        {
            using QueueState queue = Filled(completes: true, 1, 2, 3);
            ScriptedWorkers workers = new((item, context) =>
            {
                int value = (int)item.Input!;
                if (value < 200)
                {
                    queue.TryEnqueue(value * 3, WaitLimit.None);
                    queue.TryEnqueue((value * 3) + 1, WaitLimit.None);
                }

                context.Write(value);
            });
            CollectingSink sink = new();
            RunOutcome outcome = await Run(workers, queue, sink, throttle: 4);
            Assert.Equal(RunEnd.Completed, outcome.End);
            Assert.Equal(Closure(1, 2, 3), sink.Output.Cast<int>().Order());
            Assert.True(queue.HasEnded);
        }
    }

    [Fact]
    public async Task A_queue_that_is_not_completed_is_waited_for()
    {
        using QueueState queue = Filled(completes: false, 1);
        CollectingSink sink = new();
        Task<RunOutcome> running = Run(new ScriptedWorkers((item, context) => context.Write(item.Input)), queue, sink, throttle: 2);
        Bounded.Until(() => sink.Output.Count == 1, "the first item is done");
        queue.TryEnqueue(2, WaitLimit.None);
        Bounded.Until(() => sink.Output.Count == 2, "the second item is done");
        queue.Complete();
        Assert.Equal(2, (await Bounded.Await(running)).Read);
    }

    [Fact]
    public async Task What_was_taken_and_never_begun_goes_back_in_its_order()
    {
        using QueueState queue = Filled(completes: true, [.. Enumerable.Range(0, 20)]);
        using Gate started = new();
        using Gate forever = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            started.Open();
            context.WaitFor(forever);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1 }, workers, TimeProvider.System);
        Task<RunOutcome> running = Feed(run, queue, new CollectingSink());
        started.Pass();
        run.Cancel();
        Assert.Single((await Bounded.Await(running)).Interrupted);
        List<object?> left = [];
        while (queue.TryDequeue(out object? value, WaitLimit.None))
        {
            left.Add(value);
        }

        Assert.Equal(Enumerable.Range(1, 19).Cast<object?>(), left);
        Assert.True(queue.HasEnded);
    }

    [Fact]
    public async Task Two_runs_share_one_queue()
    {
        using QueueState queue = Filled(completes: true, [.. Enumerable.Range(0, 500)]);
        ConcurrentBag<int> ran = [];
        ScriptedWorkers Workers() => new((item, _) => ran.Add((int)item.Input!));
        await Task.WhenAll(Run(Workers(), queue, new CollectingSink(), 2), Run(Workers(), queue, new CollectingSink(), 2));
        Assert.Equal(Enumerable.Range(0, 500), ran.Order());
    }

    [Fact]
    public async Task A_queue_that_is_disposed_of_ends_the_run_with_an_error()
    {
        QueueState queue = Filled(completes: false, 1);
        CollectingSink sink = new();
        Task<RunOutcome> running = Run(new ScriptedWorkers((item, context) => context.Write(item.Input)), queue, sink, throttle: 2);
        Bounded.Until(() => sink.Output.Count == 1, "the first item is done");
        queue.Dispose();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(RunEnd.Failed, outcome.End);
        Assert.IsType<ObjectDisposedException>(outcome.Failure);
    }

    [Fact]
    public void After_items_without_an_account_it_is_too_late()
    {
        using QueueState queue = Filled(completes: true, 1);
        using BatchRun run = Batches.Create(new ScriptedWorkers((_, _) => { }), 1);
        run.Add(0, new CollectingSink());
        Assert.Throws<InvalidOperationException>(() => run.AddSource(queue));
    }

    private static Task<RunOutcome> Run(ScriptedWorkers workers, QueueState queue, CollectingSink sink, int throttle) =>
        Feed(Batches.Create(workers, throttle), queue, sink);

    private static Task<RunOutcome> Feed(BatchRun run, QueueState queue, CollectingSink sink) => Bounded.Run(() =>
    {
        run.AddSource(queue);
        run.Complete(sink);
        return run.Close();
    });

    private static QueueState Filled(bool completes, params int[] values)
    {
        QueueState queue = new("q", capacity: 0);
        Array.ForEach(values, value => queue.TryEnqueue(value, WaitLimit.None));
        if (completes)
        {
            queue.Complete();
        }

        return queue;
    }

    private static IEnumerable<int> Closure(params int[] start)
    {
        List<int> all = [.. start];
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i] < 200)
            {
                all.Add(all[i] * 3);
                all.Add((all[i] * 3) + 1);
            }
        }

        return all.Order();
    }
}
