using System.Runtime.CompilerServices;
using Switchyard.Core.Batch;
using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>Drives a run as a pipeline would: add each, complete, close.</summary>
internal static class Batches
{
    public static BatchRun Create(ScriptedWorkers workers, int throttle, bool keepOrder = false) =>
        new(new BatchOptions { ThrottleLimit = throttle, KeepOrder = keepOrder }, workers, TimeProvider.System);

    /// <summary>Runs a batch that is expected to end by itself.</summary>
    public static async Task<RunOutcome> Run(
        ScriptedWorkers workers, IEnumerable<object?> input, IResultSink sink, int throttle, bool keepOrder = false)
    {
        using BatchRun run = Create(workers, throttle, keepOrder);
        return await Bounded.Await(Feed(run, input, sink));
    }

    /// <summary>Feeds a run on a thread of its own, so that the test's thread can play its part.</summary>
    public static Task<RunOutcome> Feed(BatchRun run, IEnumerable<object?> input, IResultSink sink) => Bounded.Run(() =>
    {
        foreach (object? item in input)
        {
            if (!run.Add(item, sink))
            {
                return run.Close();
            }
        }

        run.Complete(sink);
        return run.Close();
    });

    /// <summary>Feeds a run in the same way, and writes what is left once it is closed: for runs whose every result counts.</summary>
    public static Task<RunOutcome> FeedToTheRest(BatchRun run, IEnumerable<object?> input, IResultSink sink) => Bounded.Run(() =>
    {
        foreach (object? item in input)
        {
            if (!run.Add(item, sink))
            {
                break;
            }
        }

        run.Complete(sink);
        RunOutcome outcome = run.Close();
        run.WriteRest(sink);
        return outcome;
    });

    public static IEnumerable<object?> Numbers(int count) => Enumerable.Range(0, count).Cast<object?>();

    /// <summary>An input that opens a gate when all of it was added.</summary>
    public static IEnumerable<object?> Telling(this IEnumerable<object?> input, Gate allAdded)
    {
        foreach (object? item in input)
        {
            yield return item;
        }

        allAdded.Open();
    }

    /// <summary>An input without an end, which tells how much of it was read.</summary>
    public static IEnumerable<object?> Endless(StrongBox<int> read)
    {
        while (true)
        {
            yield return read.Value++;
        }
    }

    /// <summary>Every item that was read has one result, and the results say what the outcome says.</summary>
    public static void AssertAccounts(RunOutcome outcome, IReadOnlyList<ItemResult> results, bool keepOrder)
    {
        AssertAddsUp(outcome);
        IEnumerable<long> indexes = results.Select(result => result.Index);
        Assert.Equal(Enumerable.Range(0, (int)outcome.Read).Select(index => (long)index), keepOrder ? indexes : indexes.Order());
        HashSet<long> interrupted = [.. outcome.Interrupted.Select(item => item.Index)];
        Assert.All(
            results.Where(result => interrupted.Contains(result.Index)),
            result => Assert.True(result.Status is ItemStatus.Canceled or ItemStatus.TimedOut, $"Interrupted, yet {result.Status}."));
        Assert.Equal(outcome.Skipped, results.Count(result => result.Status == ItemStatus.Skipped));
        Assert.All(results, result => Assert.Equal(result.Attempts == 0, result.Status == ItemStatus.Skipped));
        Assert.Equal(
            outcome.Failed,
            results.Count(result => result.Status is not (ItemStatus.Succeeded or ItemStatus.Skipped) && !interrupted.Contains(result.Index)));
    }

    public static void AssertAddsUp(RunOutcome outcome)
    {
        Assert.Equal(outcome.Read, outcome.Finished + outcome.Interrupted.Count + outcome.Skipped);
        Assert.Equal(outcome.Interrupted.Count, outcome.Interrupted.DistinctBy(item => item.Index).Count());
    }
}
