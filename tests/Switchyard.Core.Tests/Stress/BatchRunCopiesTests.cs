using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class BatchRunCopiesTests
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Every_item_has_one_result_of_one_attempt_however_both_end()
    {
        int copies = 0;
        await CopyPlan.Any.SampleAsync(
            async plan =>
            {
                using Trial trial = new(plan);
                await trial.Run();
                Interlocked.Add(ref copies, trial.Copies);
            },
            iter: 100,
            threads: 1);

        // Otherwise nothing of this was tried.
        Assert.True(copies > 50, $"Only {copies} items ran twice.");
    }

    private sealed class Trial(CopyPlan plan) : IDisposable
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly CollectingSink _sink = new();
        private readonly Gate _never = new();
        private readonly Gate _over = new();
        private readonly int[] _attempts = new int[plan.Items.Length];
        private readonly int[] _running = new int[plan.Items.Length];
        private int _started;
        private int _copies;

        public int Copies => Volatile.Read(ref _copies);

        public async Task Run()
        {
            ScriptedWorkers workers = new(RunItem) { Host = number => $"{number % 3}" };
            using BatchRun run = new(
                new BatchOptions
                {
                    ThrottleLimit = plan.Throttle,
                    KeepOrder = plan.KeepOrder,
                    CollectResults = plan.Collects,
                    Speculates = true,
                    Retry = plan.Retries == 0 ? null : new RetryPolicy(plan.Retries, TimeSpan.FromMilliseconds(300)),
                    LossRetryCount = plan.Losses,
                    ItemTimeout = plan.HasItemTimeout ? TimeSpan.FromSeconds(3) : null,
                    MaxFailures = plan.MaxFailures,
                    Timeout = plan.End == RunEnd.TimedOut ? TimeSpan.FromMilliseconds(100 * (plan.EndAt + 1)) : null,
                },
                workers,
                _clock);
            Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(plan.Items.Length), _sink);
            Thread time = Bounded.Start("clock", () =>
            {
                while (!_over.Handle.WaitOne(1))
                {
                    _clock.Advance(_tick);
                }
            });
            if (plan.End == RunEnd.Canceled)
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref _started) >= plan.EndAt || running.IsCompleted, TimeSpan.FromMilliseconds(50));
                run.Cancel();
            }

            RunOutcome outcome = await Bounded.Await(running);
            _over.Open();
            Bounded.Join(time);
            Check(outcome);
            workers.WaitUntilAllAreGone();
        }

        public void Dispose()
        {
            _never.Dispose();
            _over.Dispose();
        }

        private void RunItem(BatchItem item, ItemContext context)
        {
            Interlocked.Increment(ref _started);
            int attempt = Interlocked.Increment(ref _attempts[item.Index]);
            int beside = Interlocked.Increment(ref _running[item.Index]);
            Interlocked.Add(ref _copies, beside - 1);
            Assert.InRange(beside, 1, 2);
            try
            {
                (long, int) name = (item.Index, attempt);
                context.Write(name);
                switch (plan.FaultOf(item.Index, attempt))
                {
                    case AttemptFault.Slow:
                        using (Gate later = new())
                        {
                            using ITimer timer = _clock.CreateTimer(_ => later.Open(), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
                            context.WaitFor(later);
                        }

                        break;
                    case AttemptFault.Hang:
                        context.WaitFor(_never);
                        break;
                    case AttemptFault.Fail:
                        throw new InvalidOperationException("Planned.");
                    case AttemptFault.Lose:
                        throw EndedException.Lost;
                    case AttemptFault.Crash:
                        throw EndedException.Crashed;
                }

                context.Write(name);
            }
            finally
            {
                Interlocked.Decrement(ref _running[item.Index]);
            }
        }

        private void Check(RunOutcome outcome)
        {
            Batches.AssertAddsUp(outcome);
            IEnumerable<IGrouping<long, (long, int)>> outputs;
            if (plan.Collects)
            {
                Batches.AssertAccounts(outcome, _sink.Results, plan.KeepOrder);
                Assert.DoesNotContain(_sink.Records, record => record.Kind is RecordKind.Output or RecordKind.Error);
                Assert.All(_sink.Results, result => Assert.Equal(result.Status == ItemStatus.Succeeded ? 2 : result.Output.Count, result.Output.Count));
                Assert.All(_sink.Results, result => Assert.InRange(result.Attempts, 0, _attempts[result.Index]));
                outputs = _sink.Results.SelectMany(result => result.Output).Cast<(long Index, int)>().GroupBy(name => name.Index);
            }
            else
            {
                outputs = _sink.Output.Cast<(long Index, int)>().GroupBy(name => name.Index);
                Assert.Equal(outcome.Finished - outcome.Failed, outputs.Count(names => names.Count() == 2));
            }

            // Of one attempt alone, and never twice.
            Assert.All(outputs, names => Assert.Single(names.Distinct()));
            Assert.All(outputs, names => Assert.InRange(names.Count(), 1, 2));
            if (outcome.End == RunEnd.Completed)
            {
                Assert.Equal((plan.Items.Length, 0, 0), (outcome.Finished, outcome.Interrupted.Count, outcome.Skipped));
            }
        }
    }
}
