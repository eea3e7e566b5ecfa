using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Reading;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Journal;

public sealed class RunJournalTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_item_is_noted_before_anything_of_it_is_handed_on()
    {
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input));
        CollectingSink sink = new()
        {
            OnWrite = record => Assert.Contains(
                $"\"text\":\"{record.Value}\"", _folder.Text, StringComparison.Ordinal),
        };
        RunOutcome outcome = await _folder.Run(workers, Batches.Numbers(300), sink);
        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.Equal(300, sink.Output.Count);
        Assert.Equal(300, _folder.Lines.Count(line => line.Entry is { Status: ItemStatus.Succeeded }));
        Assert.Equal(("Completed", 300L, 300L, 0L), Summary(Assert.Single(_folder.Lines, line => line.End is not null).End!));
        Assert.Equal(["run.jsonl"], _folder.Files);
    }

    [Fact]
    public async Task Only_what_has_not_succeeded_runs_again()
    {
        ScriptedWorkers first = new((item, _) =>
        {
            if ((int)item.Input! % 3 == 0)
            {
                throw new InvalidOperationException("no");
            }
        });
        await _folder.Run(first, Batches.Numbers(30), new CollectingSink());

        ConcurrentBag<object?> ran = [];
        ScriptedWorkers second = new((item, _) => ran.Add(item.Input));
        RunOutcome outcome = await _folder.Run(second, Batches.Numbers(35).Reverse(), new CollectingSink());
        Assert.Equal([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 31, 32, 33, 34], ran.Cast<int>().Order());
        Assert.Equal((35, 20), (outcome.Read, outcome.DoneBefore));
        JournalStanding standing = JournalStanding.Read(_folder.Path);
        Assert.DoesNotContain(_folder.Lines, line => line.Entry is { Status: ItemStatus.Failed } entry && standing.Holds(entry, 1));
    }

    [Fact]
    public Task Whatever_was_done_the_rest_is_run_once_each() =>
        Gen.Select(Gen.Int[0, 5].List[0, 30], Gen.Int[0, 5].List[0, 30], Gen.Int[0, 9]).SampleAsync(
            async (first, second, failing) =>
            {
                using JournalFolder folder = new();
                await folder.Run(
                    new ScriptedWorkers((item, _) =>
                    {
                        if (Equals(item.Input, failing))
                        {
                            throw new InvalidOperationException("no");
                        }
                    }),
                    first.Cast<object?>(),
                    new CollectingSink());
                ConcurrentBag<int> ran = [];
                await folder.Run(new ScriptedWorkers((item, _) => ran.Add((int)item.Input!)), second.Cast<object?>(), new CollectingSink());
                foreach (int value in Enumerable.Range(0, 6))
                {
                    int done = value == failing ? 0 : first.Count(item => item == value);
                    Assert.Equal(Math.Max(0, second.Count(item => item == value) - done), ran.Count(item => item == value));
                }
            },
            iter: 40);

    [Fact]
    public async Task With_results_an_item_that_was_done_before_is_told_of_as_skipped_and_in_its_place()
    {
        await _folder.Run(new ScriptedWorkers((_, _) => { }), [1, 3], new CollectingSink());
        CollectingSink sink = new();
        await _folder.Run(
            new ScriptedWorkers((_, _) => { }), [0, 1, 2, 3, 4], sink, options => options with { CollectResults = true, KeepOrder = true });
        Assert.Equal(
            [(0L, ItemStatus.Succeeded), (1, ItemStatus.Skipped), (2, ItemStatus.Succeeded), (3, ItemStatus.Skipped), (4, ItemStatus.Succeeded)],
            sink.Results.Select(result => (result.Index, result.Status)));
    }

    [Fact]
    public async Task Without_results_order_is_kept_over_what_was_done_before()
    {
        await _folder.Run(new ScriptedWorkers((_, _) => { }), [1, 3], new CollectingSink());
        CollectingSink sink = new();
        await _folder.Run(
            new ScriptedWorkers((item, context) => context.Write(item.Input)), [0, 1, 2, 3, 4], sink, options => options with { KeepOrder = true });
        Assert.Equal([0, 2, 4], sink.Output);
    }

    [Fact]
    public async Task An_item_that_is_tried_again_is_noted_once_as_it_ended()
    {
        ConcurrentDictionary<object, int> tries = new();
        ScriptedWorkers workers = new((item, _) =>
        {
            if (tries.AddOrUpdate(item.Input!, 1, (_, count) => count + 1) < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        });
        await _folder.Run(workers, Batches.Numbers(5), new CollectingSink(), options => options with { Retry = new RetryPolicy(5, TimeSpan.Zero) });
        JournalEntry[] entries = [.. _folder.Lines.Where(line => line.Entry is not null).Select(line => line.Entry!)];
        Assert.Equal(5, entries.Length);
        Assert.All(entries, entry => Assert.Equal((ItemStatus.Succeeded, 3), (entry.Status, entry.Attempts)));
    }

    [Fact]
    public async Task What_was_interrupted_is_noted_as_canceled_and_what_never_began_is_not()
    {
        using Gate started = new();
        using Gate forever = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            started.Open();
            context.WaitFor(forever);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1, Journal = _folder.Open() }, workers, TimeProvider.System);
        Task<RunOutcome> feeding = Batches.Feed(run, Batches.Numbers(5), new CollectingSink());
        started.Pass();
        run.Cancel();
        await Bounded.Await(feeding);
        run.Dispose();
        JournalEntry entry = Assert.Single(_folder.Lines, line => line.Entry is not null).Entry!;
        Assert.Equal((ItemStatus.Canceled, "0"), (entry.Status, entry.Item.Text));
        Assert.Equal("Canceled", Assert.Single(_folder.Lines, line => line.End is not null).End!.Reason);
    }

    [Fact]
    public Task What_its_reader_did_not_take_has_not_succeeded() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 60], Gen.Bool, Gen.Bool, Gen.Bool).SampleAsync(
            async (count, failsAt, keepsOrder, retries, wantsNoMore) =>
            {
                using JournalFolder folder = new();
                int written = 0;
                CollectingSink sink = new()
                {
                    OnWrite = _ =>
                    {
                        if (++written == failsAt)
                        {
                            throw new InvalidDataException("enough");
                        }
                    },
                };
                BatchOptions options = new()
                {
                    ThrottleLimit = 4,
                    Journal = folder.Open(),
                    KeepOrder = keepsOrder,
                    Retry = retries ? new RetryPolicy(1, TimeSpan.Zero) : null,
                    WantsNoMore = wantsNoMore ? exception => exception is InvalidDataException : null,
                };
                ScriptedWorkers workers = new((item, context) =>
                {
                    for (int i = 0; i < (int)item.Input! % 3; i++)
                    {
                        context.Write(item.Input);
                    }
                });
                using (BatchRun run = new(options, workers, TimeProvider.System))
                {
                    try
                    {
                        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(count), sink));
                    }
                    catch (InvalidDataException)
                    {
                    }
                }

                JournalStanding standing = JournalStanding.Read(folder.Path);
                int[] noted = [.. folder.Lines.Where(line => line.Entry is { Status: ItemStatus.Succeeded } entry && standing.Holds(entry, 1))
                    .Select(line => int.Parse(line.Entry!.Item.Text, CultureInfo.InvariantCulture)).Order()];
                int[] taken = [.. sink.Output.Cast<int>().CountBy(item => item).Where(pair => pair.Value == pair.Key % 3).Select(pair => pair.Key).Order()];
                int[] ofOutput = [.. noted.Where(item => item % 3 > 0)];
                if (wantsNoMore && written >= failsAt && failsAt > 0)
                {
                    // And the one that it took last.
                    int last = Assert.Single(ofOutput.Except(taken));
                    ofOutput = [.. ofOutput.Where(item => item != last)];
                }

                Assert.Equal(taken, ofOutput);
                using RunJournal next = folder.Open();
                Assert.Equal(noted, Enumerable.Range(0, count).Where(item => next.WouldSkip(item)));
                JournalRunEnd end = Assert.Single(folder.Lines, line => line.End is not null).End!;
                Assert.Equal(noted.Length, end.Succeeded);
            },
            iter: 60);

    [Fact]
    public async Task A_tail_that_was_torn_at_any_byte_loses_one_line_at_most()
    {
        await _folder.Run(new ScriptedWorkers((_, _) => { }), Batches.Numbers(6), new CollectingSink());
        byte[] whole = File.ReadAllBytes(_folder.Path);
        int firstEnd = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_folder.Path, whole[..length]);
            int lines = whole.AsSpan(0, length).Count((byte)'\n');
            Assert.Equal(lines, _folder.Lines.Count);
            using (_folder.Open())
            {
                Assert.Equal(length < firstEnd ? 1 : lines + 1, _folder.Lines.Count);
            }
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"event\":\"item\",\"key\":\"0")]
    [InlineData("")]
    public async Task A_line_in_the_middle_that_cannot_be_read_is_named(string damage)
    {
        await _folder.Run(new ScriptedWorkers((_, _) => { }), Batches.Numbers(3), new CollectingSink());
        List<string> lines = [.. File.ReadAllLines(_folder.Path)];
        lines[2] = damage;
        File.WriteAllLines(_folder.Path, lines);
        string before = _folder.Text;
        JournalException exception = Assert.Throws<JournalException>(() => _folder.Open());
        Assert.Equal((JournalProblem.Damaged, 3L), (exception.Problem, exception.Line));
        Assert.Equal(before, _folder.Text);
        Assert.Equal(["run.jsonl"], _folder.Files);

        lines.RemoveAt(2);
        File.WriteAllLines(_folder.Path, lines);
        using RunJournal mended = _folder.Open();
        Assert.Equal(2, Enumerable.Range(0, 3).Count(item => mended.WouldSkip(item)));
    }

    [Theory]
    [InlineData("name,size\na,1\n", nameof(JournalProblem.NotAJournal))]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":\"Failed\"}\n", nameof(JournalProblem.NotAJournal))]
    [InlineData("{\"event\":\"run\",\"version\":2}\n", nameof(JournalProblem.NewerVersion))]
    public void A_file_that_is_something_else_is_left_alone(string text, string problem)
    {
        File.WriteAllText(_folder.Path, text);
        Assert.Equal(problem, Assert.Throws<JournalException>(() => _folder.Open()).Problem.ToString());
        Assert.Equal(text, _folder.Text);
    }

    // What was begun and never got its first line is no journal that anything could be lost of, but a text without an end may be any file.
    [Fact]
    public void A_file_without_a_whole_line_that_is_no_journal_is_left_alone()
    {
        File.WriteAllText(_folder.Path, "my notes");
        Assert.Equal(JournalProblem.NotAJournal, Assert.Throws<JournalException>(() => _folder.Open()).Problem);
        Assert.Equal("my notes", _folder.Text);
    }

    [Fact]
    public void A_journal_that_is_there_is_continued_only_if_that_is_wanted()
    {
        _folder.Open().Dispose();
        Assert.Equal(JournalProblem.Exists, Assert.Throws<JournalException>(() => _folder.Open(resumes: false)).Problem);
        Assert.Equal(JournalProblem.Exists, Assert.Throws<JournalException>(() => RunJournal.Open(_folder.Options(resumes: false, isReadOnly: true))).Problem);
    }

    [Fact]
    public void A_second_run_is_refused_while_the_first_goes_on_and_told_whose_it_is()
    {
        using (_folder.Open())
        {
            JournalException exception = Assert.Throws<JournalException>(() => _folder.Open());
            Assert.Equal((JournalProblem.InUse, $"{Environment.ProcessId}"), (exception.Problem, exception.Detail));
        }

        _folder.Open().Dispose();
        Assert.Equal(["run.jsonl"], _folder.Files);
    }

    [Fact]
    public void One_of_many_who_come_at_once_gets_the_journal()
    {
        for (int round = 0; round < 30; round++)
        {
            ConcurrentBag<RunJournal> opened = [];
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                try
                {
                    opened.Add(_folder.Open());
                }
                catch (JournalException exception) when (exception.Problem == JournalProblem.InUse)
                {
                    // As it should be.
                }
            });
            Assert.Single(opened).Dispose();
        }

        Assert.All(_folder.Lines, line => Assert.NotNull(line.Run ?? (object?)line.End));
        Assert.Equal(Enumerable.Range(1, 30), _folder.Lines.Where(line => line.Run is not null).Select(line => line.Run!.Number));
    }

    [Fact]
    public void Who_only_looks_changes_nothing()
    {
        using (RunJournal journal = RunJournal.Open(_folder.Options(isReadOnly: true)))
        {
            Assert.False(journal.WouldSkip(1));
        }

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void What_differs_from_the_last_run_is_told()
    {
        _folder.Open(settings: [("ScriptBlock", "a"), ("ThrottleLimit", "4"), ("RetryCount", "1")]).Dispose();
        using RunJournal journal = _folder.Open(settings: [("ScriptBlock", "b"), ("ThrottleLimit", "4"), ("RateLimit", "2")]);
        Assert.Equal(["RateLimit", "RetryCount", "ScriptBlock"], journal.Differences);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        JournalOptions options = _folder.Options() with { Path = Path.Combine(_folder.Path, "deeper", "run.jsonl") };
        Assert.Equal(JournalProblem.NotReadable, Assert.Throws<JournalException>(() => RunJournal.Open(options)).Problem);
    }

    [Fact]
    public async Task With_syncing_all_is_noted_as_well()
    {
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 4, Journal = RunJournal.Open(_folder.Options(syncs: true)) },
            new ScriptedWorkers((item, context) => context.Write(item.Input)),
            TimeProvider.System);
        await Bounded.Await(Batches.Feed(run, Batches.Numbers(50), new CollectingSink()));
        Assert.Equal(50, _folder.Lines.Count(line => line.Entry is not null));
    }

    private static (string Reason, long Read, long Succeeded, long Failed) Summary(JournalRunEnd end) =>
        (end.Reason, end.Read, end.Succeeded, end.Failed);
}
