using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch.Groups;

public sealed class BatchRunGroupTests : IDisposable
{
    private readonly CollectingSink _sink = new();
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_input_of_any_length_is_run_in_groups_and_counted_by_items()
    {
        ConcurrentBag<int> sizes = [];
        ScriptedWorkers workers = new((item, context) =>
        {
            sizes.Add(Inputs(item).Length);
            context.Write(Inputs(item)[0]);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, Groups = Groups(8) });
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(1003), _sink));
        Assert.Equal((RunEnd.Completed, 1003, 1003, 0), (outcome.End, outcome.Read, outcome.Finished, outcome.Failed));
        Assert.Equal(126, sizes.Count);
        Assert.Equal(3, Assert.Single(sizes, size => size != 8));
        Assert.Equal(Enumerable.Range(0, 126).Select(group => group * 8), _sink.Output.Cast<int>().Order());
        Assert.Equal((1003, 1003, 0), (run.Progress.Read, run.Progress.Done, run.Progress.Running));
    }

    [Fact]
    public async Task While_a_group_runs_all_its_items_do()
    {
        using Gate mayEnd = new();
        ConcurrencyMeter meter = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(mayEnd);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, Groups = Groups(3) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5), _sink);
        meter.WaitForStarted(2);
        Bounded.Until(() => run.Progress is { Read: 5, Running: 5, Done: 0 }, "both groups run");
        mayEnd.Open();
        Assert.Equal(5, (await Bounded.Await(running)).Finished);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_are_the_items_own_and_what_the_group_wrote_stands_with_its_first(bool fails)
    {
        ScriptedWorkers workers = new((_, context) =>
        {
            context.Write("written");
            if (fails)
            {
                throw new InvalidOperationException("no");
            }
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = true, Groups = Groups(3) });
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(5), _sink));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
        Assert.Equal([0, 1, 2, 3, 4], _sink.Results.OrderBy(result => result.Index).Select(result => result.Input));
        Assert.Equal([1, 0, 0, 1, 0], _sink.Results.OrderBy(result => result.Index).Select(result => result.Output.Count));
        Assert.All(_sink.Results, result => Assert.Equal((fails ? ItemStatus.Failed : ItemStatus.Succeeded, fails ? 1 : 0), (result.Status, result.Errors.Count)));
    }

    [Fact]
    public async Task A_result_has_its_share_of_the_time_of_its_group()
    {
        using Gate mayEnd = new();
        FakeTimeProvider clock = new();
        ConcurrencyMeter meter = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(mayEnd);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1, CollectResults = true, Groups = Groups(4) }, workers, clock);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(4), _sink);
        meter.WaitForStarted(1);
        clock.Advance(TimeSpan.FromSeconds(8));
        mayEnd.Open();
        await Bounded.Await(running);
        Assert.All(_sink.Results, result => Assert.Equal((TimeSpan.FromSeconds(2), 4), (result.Duration, result.Shares)));
    }

    [Fact]
    public async Task The_items_of_a_failed_group_are_tried_one_by_one_before_all_others_and_the_group_leaves_no_trace()
    {
        ConcurrentQueue<string> ran = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            ran.Enqueue(string.Join(',', Inputs(item)));
            context.Write(string.Join(',', Inputs(item)));
            if (Inputs(item).Contains(1))
            {
                throw new InvalidOperationException("no");
            }
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, Groups = Groups(3) with { Splits = true } });
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(7), _sink));
        Assert.Equal((RunEnd.Completed, 7, 1), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(["0,1,2", "0", "1", "2", "3,4,5", "6"], ran);
        Assert.Equal(["0", "1", "2", "3,4,5", "6"], _sink.Output);
        Assert.Single(_sink.Records, record => record.Kind == RecordKind.Error);
    }

    [Fact]
    public async Task A_group_is_tried_again_before_it_is_split_and_each_item_has_its_retries_then()
    {
        ConcurrentQueue<string> ran = new();
        ScriptedWorkers workers = new((item, _) =>
        {
            ran.Enqueue(string.Join(',', Inputs(item)));
            throw new InvalidOperationException("no");
        });
        using BatchRun run = Create(
            workers,
            new BatchOptions { ThrottleLimit = 1, CollectResults = true, Retry = new RetryPolicy(1, TimeSpan.Zero), Groups = Groups(2) with { Splits = true } });
        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(2), _sink));
        Assert.Equal(["0", "0", "0,1", "0,1", "1", "1"], ran.Order(StringComparer.Ordinal));
        Assert.Equal(["0,1", "0,1"], ran.Take(2));
        Assert.Equal([4, 4], _sink.Results.Select(result => result.Attempts));
    }

    [Fact]
    public async Task The_death_of_a_worker_is_the_items_whose_it_is_once_the_group_is_split()
    {
        ScriptedWorkers workers = new((item, _) =>
        {
            if (Inputs(item).Contains(1))
            {
                throw new EndedException(ItemStatus.Crashed);
            }
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = true, CrashRetryCount = 1, Groups = Groups(3) with { Splits = true } });
        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(3), _sink));
        Assert.Equal(
            [ItemStatus.Succeeded, ItemStatus.Crashed, ItemStatus.Succeeded], _sink.Results.OrderBy(result => result.Index).Select(result => result.Status));
        Assert.Equal([3, 4, 3], _sink.Results.OrderBy(result => result.Index).Select(result => result.Attempts));
    }

    [Fact]
    public async Task Failures_are_counted_by_items()
    {
        ScriptedWorkers workers = new((_, _) => throw new InvalidOperationException("no"));
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = true, MaxFailures = 4, Groups = Groups(3) });
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(30), _sink));
        Assert.Equal((RunEnd.TooManyFailures, 6), (outcome.End, outcome.Failed));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_is_stopped_accounts_for_each_item_also_of_a_group_that_is_not_complete(bool keepOrder)
    {
        ConcurrencyMeter meter = new();
        using Gate never = new();
        using Gate allAdded = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, KeepOrder = keepOrder, CollectResults = true, Groups = Groups(4) });
        Task<RunOutcome> running = Bounded.Run(() =>
        {
            foreach (object? item in Batches.Numbers(10))
            {
                run.Add(item, _sink);
            }

            allAdded.Open();
            meter.WaitForStarted(1);
            run.Cancel();
            RunOutcome outcome = run.Close();
            run.WriteRest(_sink);
            return outcome;
        });
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 10, 4, 6), (outcome.End, outcome.Read, outcome.Interrupted.Count, outcome.Skipped));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task An_endless_input_is_read_a_few_groups_ahead(bool keepOrder, bool hasWeights)
    {
        StrongBox<int> read = new();
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) => context.WaitFor(never));
        using BatchRun run = Create(
            workers, new BatchOptions { ThrottleLimit = 2, KeepOrder = keepOrder, Weight = hasWeights ? _ => 1 : null, Groups = Groups(1000) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Endless(read), _sink);

        // Two run, eight wait in the queue, and another for room: one by one it would be so many items, and thousands with weights.
        Bounded.Until(() => Volatile.Read(ref read.Value) >= 6000, "some groups were read");
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref read.Value)), 6000, 12_000);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Batches.AssertAddsUp(outcome);
        Assert.Equal(2000, outcome.Interrupted.Count);
    }

    [Fact]
    public async Task A_deadline_is_the_groups_and_told_once()
    {
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) => context.WaitFor(never));
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, ItemTimeout = TimeSpan.FromMilliseconds(1), Groups = Groups(3) });
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(3), _sink));
        Assert.Equal((3, 3), (outcome.Finished, outcome.Failed));
        ItemResult told = Assert.Single(_sink.Results);
        Assert.Equal((ItemStatus.TimedOut, 0), (told.Status, told.Index));
        Assert.Equal(3, Assert.IsType<object?[]>(told.Input).Length);
    }

    [Fact]
    public async Task Each_item_has_a_line_in_the_journal_and_what_is_left_runs_in_groups_of_another_size()
    {
        ScriptedWorkers first = new((item, _) =>
        {
            if (Inputs(item).Contains(4))
            {
                throw new InvalidOperationException("no");
            }
        });
        await _folder.Run(first, Batches.Numbers(9), _sink, options => options with { Groups = Groups(3) });
        Assert.Equal(
            ["0:Succeeded", "1:Succeeded", "2:Succeeded", "3:Failed", "4:Failed", "5:Failed", "6:Succeeded", "7:Succeeded", "8:Succeeded"],
            _folder.Lines.Where(line => line.Entry is not null).Select(line => $"{line.Entry!.Item.Text}:{line.Entry.Status}").Order(StringComparer.Ordinal));

        ConcurrentBag<string> ran = [];
        ScriptedWorkers second = new((item, _) => ran.Add(string.Join(',', Inputs(item))));
        RunOutcome outcome = await _folder.Run(second, Batches.Numbers(11), new CollectingSink(), options => options with { Groups = Groups(2) });
        Assert.Equal(["10", "3,4", "5,9"], ran.Order(StringComparer.Ordinal));
        Assert.Equal((11, 6), (outcome.Read, outcome.DoneBefore));
    }

    [Fact]
    public Task Whatever_fails_in_groups_of_whatever_size_each_item_has_one_result_in_its_place() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 12], Gen.Int[0, 12].HashSet[0, 6], Gen.Bool, Gen.Bool, Gen.Int[0, 8]).SampleAsync(
            async (count, size, failing, splits, keepOrder, most) =>
            {
                CollectingSink sink = new();
                ScriptedWorkers workers = new((item, context) =>
                {
                    context.Write(item.Input);
                    if (Inputs(item).Any(input => failing.Contains((int)input!)))
                    {
                        throw new InvalidOperationException("no");
                    }
                });
                using BatchRun run = Create(
                    workers,
                    new BatchOptions
                    {
                        ThrottleLimit = 3,
                        KeepOrder = keepOrder,
                        CollectResults = true,
                        MaxFailures = most > 0 ? most : null,
                        Groups = Groups(size) with { Splits = splits },
                    });
                RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(count), sink));
                Batches.AssertAddsUp(outcome);
                Assert.Equal(Enumerable.Range(0, (int)outcome.Read).Select(index => (long)index), keepOrder ? sink.Results.Select(result => result.Index) : sink.Results.Select(result => result.Index).Order());
                Assert.Equal(outcome.Failed, sink.Results.Count(result => result.Status == ItemStatus.Failed));
                if (most == 0)
                {
                    IEnumerable<int> expected = Enumerable.Range(0, count).Where(index =>
                        splits ? failing.Contains(index) : Enumerable.Range(index / size * size, size).Any(other => other < count && failing.Contains(other)));
                    Assert.Equal(expected, sink.Results.Where(result => result.Status == ItemStatus.Failed).Select(result => (int)result.Index).Order());
                }
            },
            iter: 300);

    private static GroupOptions Groups(int size) => new() { Size = size, Join = inputs => inputs.ToArray() };

    private static object?[] Inputs(BatchItem item) => (object?[])item.Input!;

    private static BatchRun Create(ScriptedWorkers workers, BatchOptions options) => new(options, workers, TimeProvider.System);
}
