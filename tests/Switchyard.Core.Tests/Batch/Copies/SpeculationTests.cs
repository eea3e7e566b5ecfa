using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Copies;

/// <summary>Which items are copied, when, and which of two attempts counts.</summary>
public sealed class SpeculationTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BoundedQueue<BatchItem> _queue = new(32, new WakeSignal());
    private readonly Speculation _speculation;
    private readonly Dictionary<string, QueueTaker<BatchItem>> _takers = [];
    private int _beaten;
    private long _lastIndex;

    public SpeculationTests() => _speculation = new Speculation(_clock, _queue) { Beaten = () => _beaten++ };

    public void Dispose() => _speculation.Dispose();

    [Fact]
    public void An_item_is_copied_once_the_input_has_ended_and_it_runs_longer_than_is_usual()
    {
        Attempt(TimeSpan.FromSeconds(2));
        ItemAttempt slow = Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(Copy("b"));
        _speculation.EndInput();
        Assert.Same(slow, Copy("b"));

        ItemAttempt other = Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        Assert.Null(Copy("c"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(other, Copy("c"));
    }

    [Fact]
    public void What_is_usual_is_the_median_of_those_that_ended_last()
    {
        for (int i = 0; i < 1000; i++)
        {
            Attempt(TimeSpan.FromSeconds(100));
        }

        for (int i = 0; i < 501; i++)
        {
            Attempt(TimeSpan.FromSeconds(2));
        }

        _speculation.EndInput();
        ItemAttempt slow = Begin("a");
        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        Assert.Null(Copy("b"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(slow, Copy("b"));
    }

    [Fact]
    public void Short_items_are_not_copied_and_none_before_one_has_ended()
    {
        _speculation.EndInput();
        ItemAttempt slow = Begin("a");
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Null(Copy("b"));
        Attempt(TimeSpan.Zero);
        Assert.Null(Copy("b"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(slow, Copy("b"));
    }

    [Fact]
    public async Task A_worker_that_waits_is_woken_when_an_item_has_run_for_long()
    {
        _speculation.EndInput();
        Attempt(TimeSpan.FromSeconds(2));
        Begin("a");
        _queue.Spare = _speculation.TryCopy;
        Task<bool> taking = Bounded.Run(() => Taker("b").TryTake(out _));
        Bounded.Until(() => _queue.WaitingTakers == 1, "the worker waits");
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(await Bounded.Await(taking));
    }

    [Fact]
    public void The_one_that_runs_longest_is_copied_first_and_none_twice()
    {
        ItemAttempt first = Slow("a");
        ItemAttempt second = Slow("a");
        Assert.Same(first, Copy("b"));
        Assert.Same(second, Copy("b"));
        Assert.Null(Copy("b"));
    }

    [Fact]
    public void An_item_of_another_machine_is_copied_before_one_of_the_same()
    {
        ItemAttempt here = Slow("a1");
        ItemAttempt there = Slow("b1");
        Assert.Same(there, Copy("a2"));
        Assert.Same(here, Copy("a2"));
    }

    [Fact]
    public void An_item_is_left_to_a_worker_that_waits_on_another_machine()
    {
        ItemAttempt slow = Slow("a1");
        Taker("b1").IsWaiting = true;
        Assert.Null(Copy("a2"));
        Assert.Same(slow, Copy("b1"));
    }

    [Fact]
    public void While_an_item_waits_to_be_tried_again_none_is_copied()
    {
        Slow("a");
        _speculation.CountWaiting(1);
        Assert.Null(Copy("b"));
        _speculation.CountWaiting(-1);
        Assert.NotNull(Copy("b"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_that_succeeds_counts_and_the_other_is_beaten_for_good(bool isCopyFirst)
    {
        (ItemAttempt original, ItemAttempt copy) = Pair();
        Assert.Equal((2, 1, 1), (original.Account.Attempts, original.Account.Copies, original.Account.Failures));
        Assert.Same(original.Account, copy.Account);
        (ItemAttempt winner, ItemAttempt loser) = isCopyFirst ? (copy, original) : (original, copy);
        Assert.True(_speculation.Decide(winner, ItemStatus.Succeeded));
        Assert.True(loser.IsBeaten);
        Assert.Equal(1, _beaten);
        Assert.False(_speculation.Decide(loser, ItemStatus.Succeeded));
        Assert.True(_speculation.Decide(winner, ItemStatus.Succeeded));
        Assert.Null(Copy("c"));
    }

    [Theory]
    [InlineData(ItemStatus.Failed)]
    [InlineData(ItemStatus.TimedOut)]
    [InlineData(ItemStatus.Crashed)]
    [InlineData(ItemStatus.Canceled)]
    public void One_that_does_not_succeed_leaves_the_item_to_the_other(ItemStatus status)
    {
        foreach (bool isCopyFirst in new[] { false, true })
        {
            (ItemAttempt original, ItemAttempt copy) = Pair();
            (ItemAttempt first, ItemAttempt last) = isCopyFirst ? (copy, original) : (original, copy);
            Assert.False(_speculation.Decide(first, status));
            Assert.False(last.IsBeaten);
            Assert.Null(Copy("c"));
            Assert.True(_speculation.Decide(last, ItemStatus.Failed));
            Assert.False(_speculation.Decide(first, status));
        }

        Assert.Equal(0, _beaten);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_one_was_lost_another_may_be_tried(bool isCopyLost)
    {
        (ItemAttempt original, ItemAttempt copy) = Pair();
        (ItemAttempt lost, ItemAttempt left) = isCopyLost ? (copy, original) : (original, copy);
        Assert.False(_speculation.Decide(lost, new ItemEnd(ItemStatus.Crashed) { IsLost = true }));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Same(left, Copy("c"));
    }

    [Fact]
    public void A_copy_that_begins_too_late_is_beaten_and_one_that_does_not_begin_is_forgotten()
    {
        ItemAttempt slow = Slow("a");
        Assert.True(TryCopy("b", out BatchItem copy));
        Assert.True(_speculation.IsWanted(copy));
        _speculation.Drop(copy);
        Assert.True(TryCopy("b", out copy));
        Assert.True(_speculation.Decide(slow, ItemStatus.Failed));
        Assert.False(_speculation.IsWanted(copy));
        ItemAttempt late = BeginCopy(copy, "b");
        Assert.True(late.IsBeaten);
        Assert.Equal((1, 0), (slow.Account.Attempts, slow.Account.Copies));
        Assert.False(_speculation.Decide(late, ItemStatus.Succeeded));
    }

    [Fact]
    public void An_item_is_given_back_only_if_no_other_worker_has_it()
    {
        (ItemAttempt original, ItemAttempt copy) = Pair();
        Assert.False(_speculation.Withdraw(original));
        Assert.Equal((1, 0), (copy.Account.Attempts, copy.Account.Copies));
        Assert.True(_speculation.Withdraw(copy));
        Assert.Equal(0, copy.Account.Attempts);

        (original, copy) = Pair();
        Assert.True(_speculation.Decide(original, ItemStatus.Succeeded));
        Assert.False(_speculation.Withdraw(copy));
        Assert.Equal(2, copy.Account.Attempts);
    }

    // The first letter of a worker's name is its machine.
    private QueueTaker<BatchItem> Taker(string worker)
    {
        if (!_takers.TryGetValue(worker, out QueueTaker<BatchItem>? taker))
        {
            _takers[worker] = taker = _queue.AddTaker();
            _speculation.Join(taker, () => worker[..1]);
        }

        return taker;
    }

    private ItemAttempt Begin(string worker)
    {
        BatchItem item = new(_lastIndex++, "item") { Account = new ItemAccount(0) { Attempts = 1 } };
        return Begin(item, item, worker);
    }

    private ItemAttempt BeginCopy(in BatchItem copy, string worker) => Begin(copy.Account!.CopyOf!.Item, copy, worker);

    private ItemAttempt Begin(in BatchItem item, in BatchItem taken, string worker)
    {
        ItemAttempt attempt = new(item, 1, _clock.GetTimestamp(), null, collects: true, holds: true, holdsOutput: false);
        _speculation.Begin(attempt, taken, Taker(worker));
        return attempt;
    }

    private void Attempt(TimeSpan duration)
    {
        ItemAttempt attempt = Begin("a");
        _clock.Advance(duration);
        Assert.True(_speculation.Decide(attempt, ItemStatus.Succeeded));
    }

    private ItemAttempt Slow(string worker)
    {
        _speculation.EndInput();
        Attempt(TimeSpan.Zero);
        ItemAttempt slow = Begin(worker);
        _clock.Advance(TimeSpan.FromSeconds(1));
        return slow;
    }

    private (ItemAttempt Original, ItemAttempt Copy) Pair()
    {
        ItemAttempt original = Slow("a");
        Assert.True(TryCopy("b", out BatchItem copy));
        return (original, BeginCopy(copy, "b"));
    }

    private bool TryCopy(string worker, out BatchItem copy) => _speculation.TryCopy(Taker(worker), out copy);

    private ItemAttempt? Copy(string worker) => TryCopy(worker, out BatchItem copy) ? copy.Account!.CopyOf : null;
}
