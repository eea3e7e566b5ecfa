using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

public sealed class LostWorkerTests
{
    [Fact]
    public async Task The_item_that_has_ended_its_worker_is_known_before_any_was_lost()
    {
        using Gate gate = new();
        FakeTransportLauncher ends = new()
        {
            HasCrashMarker = false,
            HostName = "far",
            Body = item =>
            {
                item.Write(item.Value);
                if (item.Value == 2)
                {
                    gate.Pass();
                    item.End.DieHere(11);
                }
            },
        };
        int read = 0;
        void OpenAt(int count)
        {
            if (++read == count)
            {
                gate.Open();
            }
        }

        CollectingSink sink = new();
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 1, CollectResults = true, LossRetryCount = 3 },
            new RemoteWorkerFactory(
                new HostPool([new WorkerHost("far", ends, 1)]),
                new RemoteOptions { Build = FakeTransportLauncher.Build, Reuses = false },
                new FakeCalls { OnRead = () => OpenAt(3) },
                new RemoteWorkerPool(4)),
            TimeProvider.System);
        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(5), sink));
        Assert.Equal([ItemStatus.Succeeded, ItemStatus.Succeeded, ItemStatus.Crashed, ItemStatus.Succeeded, ItemStatus.Succeeded], sink.Results.OrderBy(result => result.Index).Select(result => result.Status));
        Assert.All(sink.Results, result => Assert.Equal(1, result.Attempts));
        Assert.Equal(2, ends.All.Count);
    }
}
