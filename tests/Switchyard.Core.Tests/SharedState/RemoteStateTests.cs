using System.Collections.Concurrent;
using Switchyard.Core.Harness;
using Switchyard.Core.SharedState.Calls;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Core.Transports;

namespace Switchyard.Core.SharedState;

/// <summary>Shared objects over a real connection; holder and user are in one process here, and know nothing of that.</summary>
public sealed class RemoteStateTests : IDisposable
{
    private static readonly WaitLimit _endless = new(Timeout.InfiniteTimeSpan);

    private readonly SharedStateHub _holder = new(() => new PlainStateCodec());
    private readonly SharedStateHub _user = new(() => new PlainStateCodec());

    public void Dispose()
    {
        _user.Dispose();
        _holder.Dispose();
    }

    [Fact]
    public void A_counter_counts_for_all()
    {
        CounterState state = new("hits", 5);
        ICounter counter = _user.Counter(Export(state));
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => Bounded.Start($"counter {number}", () =>
        {
            for (int i = 0; i < 500; i++)
            {
                (i % 2 == 0 ? counter : state).Add(1);
            }
        }))];
        Array.ForEach(threads, Bounded.Join);
        Assert.Equal(2005, counter.Read());
        Assert.Equal(2005, counter.CompareExchange(1, 2005));
        Assert.Equal(1, counter.CompareExchange(9, 2));
        Assert.Equal(1, state.Read());
    }

    [Fact]
    public void A_dictionary_is_the_same_from_both_ends()
    {
        DictionaryState state = new("d", isCaseSensitive: false, new IntArithmetic());
        IDictionaryStore remote = _user.Dictionary(Export(state));
        remote.Set("A", 1);
        Assert.True(state.TryGet("a", out object? value, out long version));
        Assert.Equal(1, value);
        Assert.Equal(1, remote.GetOrAdd("a", 9));
        Assert.Equal("new", remote.GetOrAdd("b", "new"));
        Assert.Equal(3, remote.AddOrUpdate("a", 0, 2));
        Assert.Equal(7, remote.AddOrUpdate("c", 7, 2));
        Assert.False(remote.TryReplace("a", 5, version));
        Assert.True(remote.TryGet("a", out _, out version));
        Assert.True(remote.TryReplace("a", 5, version));
        Assert.True(remote.TryReplace("z", null, 0));
        Assert.True(remote.TryUpdate("a", 6, 5));
        Assert.False(remote.TryUpdate("a", 6, 5));
        Assert.Equal([("A", 6), ("b", "new"), ("c", 7), ("z", null)], remote.Snapshot().Select(pair => ((string)pair.Key, pair.Value)).Order());
        Assert.True(remote.TryRemove("z", out value));
        Assert.Null(value);
        Assert.False(remote.TryGet("z", out _, out _));
        Assert.Equal(3, remote.Count);
        remote.Clear();
        Assert.Equal(0, state.Count);
        Assert.Contains("no number", Assert.Throws<ArgumentException>(() =>
        {
            remote.Set("t", "text");
            remote.AddOrUpdate("t", 0, 1);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_passes_everything_on_once()
    {
        QueueState state = new("q", capacity: 4);
        IQueue remote = _user.Queue(Export(state));
        ConcurrentBag<object?> taken = [];
        Thread[] takers = [.. Enumerable.Range(0, 3).Select(number => Bounded.Start($"taker {number}", () =>
        {
            while (remote.TryDequeue(out object? value, _endless))
            {
                taken.Add(value);
            }
        }))];
        Thread[] putters = [.. Enumerable.Range(0, 3).Select(number => Bounded.Start($"putter {number}", () =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.True((number == 0 ? state : remote).TryEnqueue((number * 200) + i, _endless));
            }
        }))];
        Array.ForEach(putters, Bounded.Join);
        remote.Complete();
        Array.ForEach(takers, Bounded.Join);
        Assert.Equal(Enumerable.Range(0, 600), taken.Cast<int>().Order());
        Assert.True(remote.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => remote.TryEnqueue(1, WaitLimit.None));
    }

    [Fact]
    public void A_wait_for_another_process_has_its_time()
    {
        QueueState state = new("q", capacity: 1);
        IQueue remote = _user.Queue(Export(state));
        Assert.False(remote.TryDequeue(out _, WaitLimit.None));
        Assert.False(remote.TryDequeue(out _, new WaitLimit(TimeSpan.FromMilliseconds(20))));
        Assert.True(remote.TryEnqueue(1, WaitLimit.None));
        Assert.False(remote.TryEnqueue(2, new WaitLimit(TimeSpan.FromMilliseconds(20))));
        Assert.Equal(1, remote.Count);
    }

    [Fact]
    public void What_was_waited_for_and_given_up_stays_for_others()
    {
        QueueState state = new("q", capacity: 0);
        IQueue remote = _user.Queue(Export(state));
        for (int round = 0; round < 50; round++)
        {
            bool isCanceled = false;
            Thread taker = Bounded.Start("taker", () =>
            {
                try
                {
                    if (remote.TryDequeue(out object? value, new WaitLimit(Timeout.InfiniteTimeSpan, () => Volatile.Read(ref isCanceled))))
                    {
                        state.PutBack(value);
                    }
                }
                catch (OperationCanceledException)
                {
                    // As it may be.
                }
            });
            Volatile.Write(ref isCanceled, true);
            state.TryEnqueue(round, WaitLimit.None);
            Bounded.Join(taker);
            Bounded.Until(() => state.Count == 1, "what was on its way is back");
            Assert.True(state.TryDequeue(out _, WaitLimit.None));
        }
    }

    [Fact]
    public void What_was_on_its_way_to_who_is_no_more_goes_back()
    {
        QueueState state = new("q", capacity: 0);
        SharedAddress address = Export(state);
        state.TryEnqueue("first", WaitLimit.None);
        state.TryEnqueue("second", WaitLimit.None);
        using StateClient dying = new(() => LocalListener.Connect(address.Holder), () => new PlainStateCodec());

        // It has come, and was not acknowledged: it may not have been seen.
        StateClient.Connection connection = dying.Take(address);
        Assert.True(connection.Call(address, StateCalls.Dequeue, (_endless.Left, default), _endless).IsDone);
        Assert.Equal(1, state.Count);
        connection.Dispose();
        Bounded.Until(() => state.Count == 2, "it is back");
        Assert.True(state.TryDequeue(out object? value, WaitLimit.None));
        Assert.Equal("first", value);

        connection = dying.Take(address);
        connection.Call(address, StateCalls.Dequeue, (_endless.Left, default), _endless);
        connection.Acknowledge();
        Assert.Equal(0, _user.Queue(address).Count);
        connection.Dispose();
        state.Dispose();
    }

    [Fact]
    public void A_lock_is_held_by_one_and_goes_with_its_holder()
    {
        LockState state = new("l");
        SharedAddress address = Export(state);
        ILock one = _user.Lock(address);
        ILockHold hold = one.TryEnter(_endless)!;
        Assert.False(hold.FollowsAbandoned);
        Assert.Null(state.TryEnter(WaitLimit.None));
        Assert.Null(one.TryEnter(new WaitLimit(TimeSpan.FromMilliseconds(20))));
        hold.Exit();
        hold = state.TryEnter(WaitLimit.None)!;
        Assert.False(hold.FollowsAbandoned);
        hold.Exit();

        // Another process that is gone in the middle of it.
        using StateClient dying = new(() => LocalListener.Connect(address.Holder), () => new PlainStateCodec());
        StateClient.Connection connection = dying.Take(address);
        Assert.True(connection.Call(address, StateCalls.LockEnter, (_endless.Left, default), _endless).IsDone);
        ILockHold? next = null;
        Thread waiter = Bounded.Start("waiter", () => next = one.TryEnter(_endless));
        connection.Dispose();
        Bounded.Join(waiter);
        Assert.True(next!.FollowsAbandoned);
        next.Exit();
        Assert.False(state.TryEnter(_endless)!.FollowsAbandoned);
    }

    [Fact]
    public void What_cannot_be_sent_or_read_is_an_error_and_the_way_stays_open()
    {
        QueueState state = new("q", capacity: 0);
        IQueue remote = _user.Queue(Export(state));
        Assert.Throws<NotSupportedException>(() => remote.TryEnqueue("unsendable", WaitLimit.None));
        Assert.Throws<InvalidOperationException>(() => remote.TryEnqueue("unreadable", WaitLimit.None));
        state.TryEnqueue("unsendable", WaitLimit.None);
        Assert.Throws<InvalidOperationException>(() => remote.TryDequeue(out _, WaitLimit.None));
        Assert.True(remote.TryEnqueue("text", WaitLimit.None));
        Assert.True(remote.TryDequeue(out object? value, WaitLimit.None));
        Assert.Equal("text", value);
    }

    [Fact]
    public void The_end_of_an_object_or_its_holder_ends_all_waits()
    {
        QueueState state = new("q", capacity: 0);
        IQueue remote = _user.Queue(Export(state));
        Exception? exception = null;
        Thread waiter = Bounded.Start("waiter", () => exception = Record.Exception(() => remote.TryDequeue(out _, _endless)));
        Bounded.Until(() => waiter.ThreadState.HasFlag(ThreadState.Background), "it runs");
        state.Dispose();
        Bounded.Join(waiter);
        Assert.Contains("queue 'q' was disposed", Assert.IsType<ObjectDisposedException>(exception).Message, StringComparison.Ordinal);

        QueueState other = new("other", capacity: 0);
        remote = _user.Queue(Export(other));
        Assert.Equal(0, remote.Count);
        _holder.Dispose();
        Assert.Contains("queue 'other' has ended", Assert.Throws<ObjectDisposedException>(() => remote.TryDequeue(out _, _endless)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_comes_back_to_its_holder_is_known_there()
    {
        CounterState state = new("c", 0);
        SharedAddress address = Export(state);
        Assert.True(_holder.IsOwn(address, out SharedObjectState? own));
        Assert.Same(state, own);
        Assert.False(_user.IsOwn(address, out _));
    }

    [Fact]
    public void A_stranger_gets_nothing()
    {
        SharedAddress address = Export(new CounterState("c", 0));
        LocalEndpoint guessed = LocalEndpoint.Create(address.Holder.Name);
        using SharedStateHub stranger = new(() => new PlainStateCodec());
        Assert.Throws<ObjectDisposedException>(() => stranger.Counter(address with { Holder = guessed }).Read());
        Assert.Equal(0, _user.Counter(address).Read());
    }

    private SharedAddress Export(SharedObjectState state)
    {
        long id = 0;
        return _holder.Export(state, ref id, state is QueueState queue ? queue.Capacity : 0);
    }
}
