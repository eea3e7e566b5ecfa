using System.Collections.Concurrent;
using Switchyard.Core.Analysis;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Choices;

public sealed class ChoosingWorkerFactoryTests : IDisposable
{
    private const int Count = 1_000;

    private readonly CollectingSink _sink = new();
    private readonly Gate _started = new();

    public void Dispose() => _started.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Items_run_on_while_they_move_and_each_runs_once(bool keepOrder)
    {
        using Gate opening = new();
        using Gate opened = new();
        int onThreads = 0;
        ChoosingWorkerFactory? factory = null;
        ScriptedWorkers threads = new((item, context) =>
        {
            switch (Interlocked.Increment(ref onThreads))
            {
                case 5:
                    factory!.MoveTo(Recommendation.Processes, 2);
                    break;
                case 50:
                    // Reached only by going on while the others are being opened.
                    opening.Open();
                    break;
                case > 50:
                    context.WaitFor(opened);
                    break;
            }

            context.Write((int)item.Input! * 2);
        });
        ScriptedWorkers processes = new((item, context) =>
        {
            opened.Open();
            context.Write((int)item.Input! * 2);
        })
        { OnOpen = (_, _) => opening.Pass() };
        factory = new ChoosingWorkerFactory(threads, processes, meter: null);

        RunOutcome outcome = await Run(factory, keepOrder);

        Assert.Equal((RunEnd.Completed, (long)Count), (outcome.End, outcome.Finished));
        IEnumerable<int> output = _sink.Output.Cast<int>();
        Assert.Equal(Enumerable.Range(0, Count).Select(number => number * 2), keepOrder ? output : output.Order());
        Assert.InRange(onThreads, 50, Count - 1);
        Assert.InRange(processes.Opened, 1, 2);
        threads.WaitUntilAllAreGone();
        processes.WaitUntilAllAreGone();

        // The second may find nothing left to do, and then is not opened.
        Assert.Equal(processes.Opened == 2, factory.ProcessStart is not null);
    }

    [Fact]
    public async Task Workers_that_leave_for_others_write_what_they_have_summed_up()
    {
        ChoosingWorkerFactory? factory = null;
        int onThreads = 0;
        ConcurrentDictionary<(bool, int), int> sums = new();
        ScriptedWorkers threads = new((_, context) =>
        {
            if (Interlocked.Increment(ref onThreads) == 5)
            {
                factory!.MoveTo(Recommendation.Processes, 2);
            }

            if (sums.AddOrUpdate((true, context.WorkerNumber), 1, (_, sum) => sum + 1) > 10)
            {
                context.WaitFor(_started);
            }
        })
        { OnFinish = context => context.Write(sums[(true, context.WorkerNumber)]) };
        ScriptedWorkers processes = new((_, context) =>
        {
            _started.Open();
            sums.AddOrUpdate((false, context.WorkerNumber), 1, (_, sum) => sum + 1);
        })
        { OnFinish = context => context.Write(sums[(false, context.WorkerNumber)]) };
        factory = new ChoosingWorkerFactory(threads, processes, meter: null);
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 2, SumsLost = (_, _) => new ItemRecord(ItemRecord.NoItem, RecordKind.Error, "lost") }, factory, TimeProvider.System);

        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(Count), _sink));

        Assert.Equal(Count, _sink.Output.Cast<int>().Sum());
        Assert.Equal(sums.Count, _sink.Output.Count);
        Assert.True(sums.Keys.Any(key => key.Item1) && sums.Keys.Any(key => !key.Item1), "both have run items");
        Assert.DoesNotContain(_sink.Records, record => record.Kind == RecordKind.Error);
    }

    [Fact]
    public async Task Items_move_back_to_threads_that_are_made_anew()
    {
        ChoosingWorkerFactory? factory = null;
        int onProcesses = 0;
        int onThreads = 0;
        ScriptedWorkers threads = new((_, _) =>
        {
            if (Interlocked.Increment(ref onThreads) == 5)
            {
                factory!.MoveTo(Recommendation.Processes, 2);
            }

            if (onProcesses == 0)
            {
                // Until a process has an item there is no end of this.
                _started.Pass();
            }
        });
        ScriptedWorkers processes = new((_, _) =>
        {
            if (Interlocked.Increment(ref onProcesses) == 5)
            {
                factory!.MoveTo(Recommendation.Threads, 2);
            }

            _started.Open();
        });
        factory = new ChoosingWorkerFactory(threads, processes, meter: null);
        factory.ProcessesAtOnce = 2;

        RunOutcome outcome = await Run(factory);

        Assert.Equal((RunEnd.Completed, (long)Count), (outcome.End, outcome.Finished));
        Assert.Equal(Count, onThreads + onProcesses);
        Assert.Equal(Count, factory.ItemCount);
        threads.WaitUntilAllAreGone();
        processes.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_process_that_cannot_start_leaves_the_items_to_threads()
    {
        ScriptedWorkers threads = new((_, _) => _started.Pass());
        ScriptedWorkers processes = new((_, _) => { }) { Fault = _ => WorkerFault.ThrowOnOpen };
        ChoosingWorkerFactory factory = new(threads, processes, new RunMeter()) { ProcessesAtOnce = 2 };
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2 }, factory, TimeProvider.System);

        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(Count), _sink);
        Bounded.Until(() => factory.WhyThreads is not null, "a process was tried");
        _started.Open();
        RunOutcome outcome = await Bounded.Await(running);

        Assert.Equal((RunEnd.Completed, (long)Count), (outcome.End, outcome.Finished));
        Assert.Contains("cannot start", factory.WhyThreads, StringComparison.Ordinal);
        Assert.Equal(Recommendation.Threads, factory.Way);
        threads.WaitUntilAllAreGone();
        processes.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task What_an_item_writes_can_tie_the_rest_to_threads()
    {
        ScriptedWorkers threads = new((item, context) => context.Write(item.Input));
        ScriptedWorkers processes = new((_, _) => { });
        ChoosingWorkerFactory factory = new(threads, processes, new RunMeter()) { Examine = value => value is 7 ? "seven" : null };

        RunOutcome outcome = await Run(factory);
        factory.MoveTo(Recommendation.Processes, 2);

        Assert.Equal(Count, outcome.Finished);
        Assert.Equal(("seven", Recommendation.Threads), (factory.WhyThreads, factory.Way));
        Assert.Empty(processes.Created);
    }

    private async Task<RunOutcome> Run(ChoosingWorkerFactory factory, bool keepOrder = false)
    {
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, KeepOrder = keepOrder }, factory, TimeProvider.System);
        return await Bounded.Await(Batches.Feed(run, Batches.Numbers(Count), _sink));
    }
}
