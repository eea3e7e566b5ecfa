using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Batch;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Harness;

/// <summary>Carries out a <see cref="FaultPlan"/> on a clock that runs a hundred times as fast, and checks what must hold of any.</summary>
internal sealed class FaultTrial : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _mostToCancel = TimeSpan.FromMilliseconds(50);

    private readonly FaultPlan _plan;
    private readonly FakeTimeProvider _clock = new();
    private readonly CollectingSink _sink = new();
    private readonly Gate _never = new();
    private readonly Gate _deafUntil = new();
    private readonly Gate _over = new();
    private readonly ScriptedWorkers _workers;
    private readonly int[] _attempts;
    private int _started;

    public FaultTrial(FaultPlan plan)
    {
        _plan = plan;
        _attempts = new int[plan.Items.Length];
        _workers = new ScriptedWorkers(RunItem) { Fault = number => number == 2 ? WorkerFault.DeafToStop : WorkerFault.None };
    }

    public async Task Run()
    {
        using BatchRun run = new(
            new BatchOptions
            {
                ThrottleLimit = _plan.Throttle,
                KeepOrder = _plan.KeepOrder,
                CollectResults = true,
                Retry = _plan.Retries == 0 ? null : new RetryPolicy(_plan.Retries, TimeSpan.FromMilliseconds(300)),
                ItemTimeout = _plan.HasItemTimeout ? TimeSpan.FromSeconds(1) : null,
                MaxFailures = _plan.MaxFailures,
                Timeout = _plan.End == RunEnd.TimedOut ? TimeSpan.FromMilliseconds(50 * (_plan.EndAt + 1)) : null,
            },
            _workers,
            _clock);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(_plan.Items.Length), _sink);
        Thread time = Bounded.Start("clock", () =>
        {
            while (!_over.Handle.WaitOne(1))
            {
                _clock.Advance(_tick);
            }
        });
        if (_plan.End == RunEnd.Canceled)
        {
            // So many may never start, where those that did hang.
            SpinWait.SpinUntil(() => Volatile.Read(ref _started) >= _plan.EndAt || running.IsCompleted, _mostToCancel);
            run.Cancel();
        }

        RunOutcome outcome = await Bounded.Await(running);
        _over.Open();
        Bounded.Join(time);
        Check(outcome);
        _deafUntil.Open();
        _workers.WaitUntilAllAreGone();
    }

    public void Dispose()
    {
        _never.Dispose();
        _deafUntil.Dispose();
        _over.Dispose();
    }

    private void RunItem(BatchItem item, ItemContext context)
    {
        Interlocked.Increment(ref _started);
        int attempt = Interlocked.Increment(ref _attempts[item.Index]);
        context.Write(attempt);
        switch (_plan.Items[item.Index])
        {
            case ItemFault.Fail:
            case ItemFault.FailTwice when attempt <= 2:
                throw new InvalidOperationException("Planned.");
            case ItemFault.Slow:
                Thread.SpinWait(20_000);
                break;
            case ItemFault.HangOnce when attempt == 1 && !_plan.HangsForever:
            case ItemFault.Hang when !_plan.HangsForever:
                context.WaitFor(_never);
                break;
            case ItemFault.Deaf when !_plan.HangsForever:
                ItemContext.ClingTo(_deafUntil);
                break;
        }

        context.Write(attempt);
    }

    private void Check(RunOutcome outcome)
    {
        IReadOnlyList<ItemResult> results = _sink.Results;
        Batches.AssertAccounts(outcome, results, _plan.KeepOrder);
        Assert.Empty(_sink.Records);
        Assert.All(results, result =>
        {
            ItemFault fault = _plan.Items[result.Index];
            Assert.InRange(result.Attempts, 0, 1 + _plan.Retries);
            Assert.All(result.Output, attempt => Assert.Equal(result.Attempts, attempt));
            switch (result.Status)
            {
                case ItemStatus.Succeeded:
                    Assert.Equal(2, result.Output.Count);
                    Assert.False(fault is ItemFault.Fail || (fault == ItemFault.FailTwice && result.Attempts < 3));
                    break;
                case ItemStatus.Failed:
                    Assert.Single(result.Errors);
                    break;
            }
        });
        switch (outcome.End)
        {
            case RunEnd.Completed:
                Assert.Equal((_plan.Items.Length, 0, 0), (outcome.Finished, outcome.Interrupted.Count, outcome.Skipped));
                break;
            case RunEnd.TooManyFailures:
                Assert.InRange(outcome.Failed, _plan.MaxFailures ?? int.MaxValue, outcome.Finished);
                Assert.Empty(outcome.Interrupted);
                break;
            default:
                Assert.Equal(_plan.End, outcome.End);
                break;
        }
    }
}
