using Switchyard.Core.Harness;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Core.Transports;

namespace Switchyard.Core.SharedState;

/// <summary>Shared objects of a caller, used by a worker that has nothing but its connection; and by what that worker gives them to.</summary>
public sealed class FarStateTests : IDisposable
{
    private static readonly WaitLimit _endless = new(Timeout.InfiniteTimeSpan);

    private readonly SharedStateHub _holder = NewHub();
    private readonly SharedStateHub _worker = NewHub();
    private readonly SharedStateHub _nested = NewHub();
    private readonly TunnelPair _connection;

    public FarStateTests()
    {
        _connection = Connect(_worker, _holder);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _nested.Dispose();
        _worker.Dispose();
        _holder.Dispose();
    }

    [Fact]
    public void All_kinds_are_the_same_there()
    {
        CounterState counter = new("c", 5);
        Assert.Equal(7, _worker.Counter(Given(counter)).Add(2));
        Assert.Equal(7, counter.Read());
        QueueState queue = new("q", capacity: 1);
        IQueue far = _worker.Queue(Given(queue));
        Assert.True(far.TryEnqueue("first", _endless));
        Assert.False(far.TryEnqueue("second", new WaitLimit(TimeSpan.FromMilliseconds(20))));
        Assert.True(far.TryDequeue(out object? value, _endless));
        Assert.Equal("first", value);
        DictionaryState dictionary = new("d", isCaseSensitive: true, new IntArithmetic());
        _worker.Dictionary(Given(dictionary)).Set("a", new string('x', 3_000_000));
        Assert.True(dictionary.TryGet("a", out value, out _));
        Assert.Equal(3_000_000, ((string)value!).Length);
        Assert.NotNull(_worker.Lock(Given(new LockState("l"))).TryEnter(_endless));
    }

    [Fact]
    public void A_wait_that_is_given_up_takes_nothing_with_it()
    {
        QueueState state = new("q", capacity: 0);
        IQueue far = _worker.Queue(Given(state));
        bool isCanceled = false;
        Thread taker = Bounded.Start("taker", () => Assert.Throws<OperationCanceledException>(
            () => far.TryDequeue(out _, new WaitLimit(Timeout.InfiniteTimeSpan, () => Volatile.Read(ref isCanceled)))));
        Volatile.Write(ref isCanceled, true);
        Bounded.Join(taker);
        Bounded.Until(() => _connection.Worker.Count == 0, "its stream has ended");
        state.TryEnqueue("kept", WaitLimit.None);
        Assert.True(state.TryDequeue(out object? value, WaitLimit.None));
        Assert.Equal("kept", value);
    }

    [Fact]
    public void A_lock_goes_with_the_connection()
    {
        LockState state = new("l");
        Assert.NotNull(_worker.Lock(Given(state)).TryEnter(_endless));
        Assert.Null(state.TryEnter(WaitLimit.None));
        _connection.Cut();
        Assert.True(state.TryEnter(_endless)!.FollowsAbandoned);
    }

    [Fact]
    public void What_was_not_given_cannot_be_reached()
    {
        SharedAddress given = Given(new CounterState("given", 1));
        SharedAddress other = Given(new CounterState("other", 2));
        Assert.Equal(1, _worker.Counter(given).Read());

        // By counting: numbers do not follow each other.
        Assert.All(Enumerable.Range(-100, 200).Where(step => step != 0), step =>
            Assert.Throws<ObjectDisposedException>(() => _worker.Counter(given with { Id = given.Id + step }).Read()));
        Assert.Equal(2, _worker.Counter(other).Read());

        // Without the secrets.
        using SharedStateHub stranger = NewHub();
        stranger.ReachThroughCaller(_connection.Worker);
        Assert.Throws<ObjectDisposedException>(() => stranger.Counter(given with { Holder = LocalEndpoint.Create(given.Holder.Name) }).Read());

        // Anything else that listens on the caller's machine.
        using SharedStateHub neighbour = NewHub();
        SharedAddress foreign = Export(neighbour, new CounterState("foreign", 3)) with { IsBeyond = true };
        Assert.Throws<ObjectDisposedException>(() => _worker.Counter(foreign).Read());
    }

    [Fact]
    public void What_another_process_of_the_caller_holds_is_reached_through_it()
    {
        using SharedStateHub neighbour = NewHub();
        SharedAddress known = _holder.Locate(Export(neighbour, new CounterState("c", 3)), SharedOrigin.LocalProcess);
        SharedAddress given = _worker.Locate(_holder.HandOn(known), SharedOrigin.Caller);
        Assert.Equal(4, _worker.Counter(given).Add(1));
        Assert.Equal(known, _holder.Locate(given, SharedOrigin.FarWorker));
    }

    [Fact]
    public void A_far_worker_of_a_far_worker_reaches_it_too()
    {
        using TunnelPair connection = Connect(_nested, _worker);
        SharedAddress given = _nested.Locate(_worker.HandOn(Given(new CounterState("c", 3))), SharedOrigin.Caller);
        Assert.Equal(4, _nested.Counter(given).Add(1));
    }

    [Fact]
    public void A_local_worker_of_a_far_one_is_told_that_it_cannot()
    {
        SharedAddress address = Given(new CounterState("hits", 3));
        SharedAddress nested = _nested.Locate(_worker.HandOn(address), SharedOrigin.Caller);
        Assert.Contains(
            "counter 'hits' is held on another machine", Assert.Throws<InvalidOperationException>(() => _nested.Counter(nested).Read()).Message, StringComparison.Ordinal);

        // And gives it back as what it was.
        Assert.Equal(3, _worker.Counter(_worker.Locate(nested, SharedOrigin.LocalProcess)).Read());
        Assert.True(_holder.IsOwn(_holder.Locate(nested, SharedOrigin.FarWorker), out _));
    }

    [Fact]
    public void A_far_worker_cannot_have_its_caller_connect_anywhere()
    {
        using SharedStateHub neighbour = NewHub();
        SharedAddress claimed = Export(neighbour, new CounterState("c", 3));
        SharedAddress located = _holder.Locate(claimed, SharedOrigin.FarWorker);
        Assert.True(located.IsBeyond);
        Assert.Throws<InvalidOperationException>(() => _holder.Counter(located).Read());
    }

    private static SharedStateHub NewHub() => new(() => new PlainStateCodec());

    private static TunnelPair Connect(SharedStateHub worker, SharedStateHub caller)
    {
        TunnelPair pair = new(new Dictionary<string, TunnelService> { [SharedStateHub.ServiceName] = caller.Serve });
        pair.Worker.IsOffered = true;
        worker.ReachThroughCaller(pair.Worker);
        return pair;
    }

    private static SharedAddress Export(SharedStateHub hub, SharedObjectState state)
    {
        long id = 0;
        return hub.Export(state, ref id, state is QueueState queue ? queue.Capacity : 0);
    }

    private SharedAddress Given(SharedObjectState state) => _worker.Locate(Export(_holder, state), SharedOrigin.Caller);
}
