using Switchyard.Core.Harness;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class ThrottleStressTests
{
    [Fact]
    public void Never_more_run_than_the_limit_in_force_allows()
    {
        const int Workers = 12;
        const int Rounds = 2000;
        Throttle throttle = new(4);
        object look = new();
        int allowed = 4;
        int running = 0;
        int exceeded = 0;
        long items = 0;
        Thread[] workers = [.. Enumerable.Range(0, Workers).Select(number => Bounded.Start("worker", () =>
        {
            // Half of them leave after each item, half keep their place while they may.
            bool keeps = number % 2 == 0;
            bool isInside = throttle.Enter();
            while (isInside)
            {
                lock (look)
                {
                    // Both in one look: the limit may have come down since the worker entered.
                    exceeded += ++running > allowed ? 1 : 0;
                }

                Interlocked.Increment(ref items);
                lock (look)
                {
                    running--;
                }

                if (keeps)
                {
                    isInside = throttle.Reenter();
                }
                else
                {
                    throttle.Exit();
                    isInside = throttle.Enter();
                }
            }
        }))];

        Random random = new(1);
        for (int round = 0; round < Rounds; round++)
        {
            int limit = random.Next(1, Workers + 1);
            if (limit > throttle.Limit)
            {
                Allow(limit);
                throttle.Limit = limit;
            }
            else
            {
                throttle.Limit = limit;
                Bounded.Until(() => throttle.Running <= limit, "those above the limit have left");
                Allow(limit);
            }

            long before = Interlocked.Read(ref items);
            Bounded.Until(() => Interlocked.Read(ref items) > before, "a worker gets on");
        }

        throttle.Cancel();
        Array.ForEach(workers, Bounded.Join);
        Assert.Equal(0, exceeded);
        Assert.Equal(0, throttle.Running);
        Assert.Equal(0, throttle.Waiting);

        void Allow(int limit)
        {
            lock (look)
            {
                allowed = limit;
            }
        }
    }
}
