using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

public sealed class HostPoolTests
{
    [Fact]
    public async Task Who_asks_first_makes_the_machines_be_asked_for_and_waits_for_them()
    {
        FakeHostList list = new();
        using HostPool pool = new([], list);
        Assert.Equal((1, 0), (pool.Places, list.Started));
        Task<int> waiting = Bounded.Run(() =>
        {
            pool.AwaitHosts(CancellationToken.None);
            return pool.Places;
        });
        Bounded.Until(() => list.Started == 1, "it is asked");
        Assert.False(waiting.IsCompleted);
        pool.Replace([Host("one", capacity: 2)]);
        Assert.Equal(2, await Bounded.Await(waiting));
        pool.AwaitHosts(CancellationToken.None);
        Assert.Equal((2, 1), (pool.Places, list.Started));
    }

    [Fact]
    public void Machines_that_stay_go_on_and_others_take_no_more()
    {
        using HostPool pool = new([], new FakeHostList());
        WorkerHost one = Host("one");
        WorkerHost two = Host("two");
        pool.Replace([one, two]);
        Assert.Equal([one, two], new[] { pool.TryAcquire(), pool.TryAcquire() }.OrderBy(host => host!.Name));
        int changes = 0;
        pool.PlacesChanged = () => changes++;
        pool.Replace([Host("two"), Host("three")]);
        Assert.Equal((1, true, false), (changes, one.IsLeaving, two.IsLeaving));
        Assert.Equal(["two", "three", "one"], pool.Hosts.Select(host => host.Name));
        Assert.Equal("three", pool.TryAcquire()?.Name);
        Assert.Null(pool.TryAcquire());
        pool.Release(one, wasOpening: true);
        Assert.Null(pool.TryAcquire());
        pool.Replace([Host("one")]);
        Assert.Equal("one", pool.TryAcquire()?.Name);
    }

    [Fact]
    public void Where_none_is_named_now_one_may_be_later()
    {
        using HostPool pool = new([], new FakeHostList());
        pool.Replace([]);
        Assert.True(pool.NextPlace > TimeSpan.Zero);
        pool.Replace([Host("one")]);
        Assert.Equal(TimeSpan.Zero, pool.NextPlace);
        WorkerStartException final = new("never") { IsFinal = true };
        Assert.False(pool.NoteFailure(pool.TryAcquire()!, final));
        Assert.Null(pool.NextPlace);
        Assert.Equal([("one", final)], pool.Failures);
    }

    [Fact]
    public void Without_a_first_answer_there_is_no_place()
    {
        using HostPool pool = new([], new FakeHostList());
        WorkerStartException failure = new("no inventory");
        pool.Fail(failure);
        pool.AwaitHosts(CancellationToken.None);
        Assert.Null(pool.NextPlace);
        Assert.Equal([(string.Empty, failure)], pool.Failures);
    }

    private static WorkerHost Host(string name, int capacity = 1) => new(name, new FakeTransportLauncher { Key = name }, capacity);

    private sealed class FakeHostList : IHostList
    {
        private int _started;

        public int Started => Volatile.Read(ref _started);

        public void Start(HostPool pool) => Interlocked.Increment(ref _started);

        public void Dispose()
        {
        }
    }
}
