using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Outputs;
using Switchyard.Core.Journal.Reading;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Journal;

public sealed class KeptOutputTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_run_that_goes_on_writes_in_the_end_what_one_writes_that_was_not_cut_off() =>
        Gen.Select(Gen.Int[0, 12].List[0, 40], Gen.Int[0, 12], Gen.Int[0, 40], Gen.Bool, Gen.Int[0, 3]).SampleAsync(
            async (input, failing, stopsAfter, keepsOrder, times) =>
            {
                using JournalFolder folder = new();
                ConcurrentBag<int> ran = [];
                for (int time = 0; time < times; time++)
                {
                    await RunUntil(folder, input, item => item == failing, stopsAfter, ran, keepsOrder);
                }

                CollectingSink sink = new();
                RunOutcome outcome = await Run(folder, input, Writing(ran), sink, options => options with { KeepOrder = keepsOrder });
                AssertSame(input.SelectMany(OutputOf), sink.Output, keepsOrder);
                Assert.Equal(0, outcome.OutputsLost);
                int succeeded = folder.Lines.Count(line => line.Entry is { Status: ItemStatus.Succeeded });
                Assert.Equal(input.Count, succeeded);
            },
            iter: 60);

    // Whatever of the files was with the disk when the power went, and whatever has become of it since.
    [Fact]
    public Task What_is_left_of_both_files_is_enough_to_go_on_with() =>
        Gen.Select(Gen.Int[0, 12].List[1, 30], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 3], Gen.Bool).SampleAsync(
            async (input, journalLeft, outputsLeft, harm, keepsOrder) =>
            {
                using JournalFolder folder = new();
                await Run(folder, input, Writing([]), new CollectingSink());
                long firstLine = File.ReadAllLines(folder.Path)[0].Length + 1;
                Cut(folder.Path, firstLine, journalLeft);
                string outputs = OutputFile.PathOf(folder.Path);
                switch (harm)
                {
                    case 1:
                        Cut(outputs, 0, outputsLeft);
                        break;
                    case 2:
                        Change(outputs, outputsLeft, bytes => bytes.Clear());
                        break;
                    case 3:
                        Change(outputs, outputsLeft, bytes => bytes[0] ^= 0x10);
                        break;
                }

                int noted = folder.Lines.Count(line => line.Entry is { Status: ItemStatus.Succeeded });
                ConcurrentBag<int> ran = [];
                CollectingSink sink = new();
                RunOutcome outcome = await Run(folder, input, Writing(ran), sink, options => options with { KeepOrder = keepsOrder });
                AssertSame(input.SelectMany(OutputOf), sink.Output, keepsOrder);
                Assert.Equal(input.Count - noted + outcome.OutputsLost, ran.Count);
                Assert.True(harm > 0 || outcome.OutputsLost == 0);

                // Once more, and nothing runs: what was lost is counted no more.
                ran.Clear();
                sink = new();
                outcome = await Run(folder, input, Writing(ran), sink, options => options with { KeepOrder = keepsOrder });
                AssertSame(input.SelectMany(OutputOf), sink.Output, keepsOrder);
                Assert.Equal((0, 0L), (ran.Count, outcome.OutputsLost));
                AssertStanding(folder, input.Count);
            },
            iter: 100);

    [Fact]
    public async Task What_a_line_tells_of_is_there_whenever_the_run_is_killed()
    {
        using JournalFolder killed = new();
        int looked = 0;
        CollectingSink sink = new()
        {
            OnWrite = _ =>
            {
                if (looked++ % 40 == 0)
                {
                    // The journal first: at no moment is there more of it than of the outputs that it tells of.
                    Copy(_folder.Path, killed.Path);
                    Copy(OutputFile.PathOf(_folder.Path), OutputFile.PathOf(killed.Path));
                    AssertWhole(killed);
                }
            },
        };
        await Run(_folder, Enumerable.Range(0, 400).ToList(), Writing([]), sink);
        AssertWhole(_folder);
        Assert.True(looked > 400);
    }

    [Fact]
    public async Task Results_of_what_was_done_before_are_whole_and_in_their_place()
    {
        await RunUntil(_folder, [0, 1, 2, 3, 4], item => item == 3, int.MaxValue, [], keepsOrder: false);
        CollectingSink sink = new();
        await Run(_folder, [4, 3, 2, 1, 0, 5], Writing([]), sink, options => options with { CollectResults = true, KeepOrder = true });
        Assert.Equal([0L, 1, 2, 3, 4, 5], sink.Results.Select(result => result.Index));
        Assert.All(sink.Results, result => Assert.Equal((ItemStatus.Succeeded, 1), (result.Status, result.Attempts)));
        Assert.All(sink.Results, result => Assert.Equal(OutputOf((int)result.Input!), result.Output));
        Assert.All(sink.Results, result => Assert.Equal([$"error {result.Input}"], result.Errors));
        Assert.Empty(sink.Records);
    }

    [Fact]
    public async Task Errors_of_what_was_done_before_are_handed_on_before_its_output()
    {
        await Run(_folder, [7], Writing([]), new CollectingSink());
        CollectingSink sink = new();
        await Run(_folder, [7], Writing([]), sink);
        Assert.Equal([(object)"error 7", .. OutputOf(7)], sink.Records.Select(record => record.Value));
    }

    [Fact]
    public async Task Of_several_attempts_only_the_last_is_kept()
    {
        ConcurrentDictionary<object, int> tries = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            int attempt = tries.AddOrUpdate(item.Input!, 1, (_, count) => count + 1);
            context.Write($"{item.Input} attempt {attempt}");
            context.Write(RecordKind.Error, $"{item.Input} error {attempt}");
            if (attempt < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        });
        await Run(_folder, [0, 1], workers, new CollectingSink(), options => options with { Retry = new RetryPolicy(5, TimeSpan.Zero) });
        CollectingSink sink = new();
        await Run(_folder, [0, 1], workers, sink, options => options with { KeepOrder = true });
        Assert.Equal(["0 error 3", "0 attempt 3", "1 error 3", "1 attempt 3"], sink.Records.Select(record => record.Value));
    }

    [Fact]
    public async Task An_output_of_many_megabytes_comes_back_in_its_order_and_a_record_at_a_time()
    {
        string[] parts = [.. Enumerable.Range(0, 80).Select(part => new string((char)('a' + (part % 26)), 50_000 + part))];
        ScriptedWorkers workers = new((_, context) =>
        {
            foreach (string part in parts)
            {
                context.Write(part);
            }
        });
        await Run(_folder, [0], workers, new CollectingSink());
        CollectingSink sink = new();
        await Run(_folder, [0], workers, sink);
        Assert.Equal(parts, sink.Output);

        // A part in the middle is as good as all of it.
        Change(OutputFile.PathOf(_folder.Path), 300, bytes => bytes[0] ^= 1);
        CollectingSink again = new();
        RunOutcome outcome = await Run(_folder, [0], workers, again);
        Assert.Equal(parts, again.Output);
        Assert.Equal(1, outcome.OutputsLost);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_told_of_once_and_run_again()
    {
        ConcurrentBag<object?> ran = [];
        ScriptedWorkers workers = new((item, context) =>
        {
            ran.Add(item.Input);
            context.Write($"text {item.Input}");
            context.Write((int)item.Input! % 2 == 0 ? "text" : item.Input);
        });
        CollectingSink first = new();
        await Run(_folder, [0, 1, 2, 3], workers, first);
        Assert.Single(first.Records, record => record.Kind == RecordKind.Warning && $"{record.Value}".EndsWith(": no text", StringComparison.Ordinal));
        ran.Clear();
        CollectingSink second = new();
        RunOutcome outcome = await Run(_folder, [0, 1, 2, 3], workers, second);
        Assert.Equal([1, 3], ran.Cast<int>().Order());
        Assert.Equal(8, second.Output.Count);
        Assert.Equal(2, outcome.OutputsLost);

        // Without outputs they are done, and no more often than that.
        ran.Clear();
        await _folder.Run(workers, [0, 1, 2, 3, 1], new CollectingSink());
        Assert.Equal([1], ran);
    }

    [Fact]
    public async Task What_is_kept_as_less_is_told_of_once_for_its_type()
    {
        ScriptedWorkers workers = new((item, context) => context.Write($"~{item.Input}"));
        CollectingSink first = new();
        await Run(_folder, [0, 1, 2], workers, first);
        Assert.Single(first.Records, record => record.Kind == RecordKind.Warning && $"{record.Value}".StartsWith("reduced Tilde", StringComparison.Ordinal));
        CollectingSink second = new();
        await Run(_folder, [0, 1, 2], workers, second, options => options with { KeepOrder = true });
        Assert.Equal(["0", "1", "2"], second.Records.Select(record => record.Value));
    }

    [Fact]
    public async Task What_cannot_be_read_here_is_an_error_in_its_place()
    {
        ScriptedWorkers workers = new((_, context) =>
        {
            context.Write("before");
            context.Write(TextOutputCodec.Unreadable);
            context.Write("after");
        });
        await Run(_folder, [5], workers, new CollectingSink());
        CollectingSink sink = new();
        await Run(_folder, [5], workers, sink);
        Assert.Equal(["before", "cannot read 5: unreadable", "after"], sink.Records.Select(record => record.Value));
        Assert.Equal(RecordKind.Error, sink.Records[1].Kind);
    }

    [Fact]
    public async Task What_is_kept_need_not_be_taken_back_if_it_was_not_handed_on()
    {
        CollectingSink sink = new() { OnWrite = _ => throw new InvalidDataException("enough") };
        ScriptedWorkers workers = new((item, context) => context.Write($"{item.Input} text 0"));
        using (BatchRun run = new(new BatchOptions { ThrottleLimit = 1, Journal = _folder.OpenWithOutputs() }, workers, TimeProvider.System))
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(3), sink)));
        }

        int done = _folder.Lines.Count(line => line.Entry is { Status: ItemStatus.Succeeded });
        Assert.InRange(done, 1, 3);
        Assert.DoesNotContain(_folder.Lines, line => line.Entry is { IsTakenBack: true });
        ConcurrentBag<int> ran = [];
        CollectingSink next = new();
        ScriptedWorkers rest = new((item, context) =>
        {
            ran.Add((int)item.Input!);
            context.Write($"{item.Input} text 0");
        });
        await Run(_folder, [0, 1, 2], rest, next);
        Assert.Equal(3 - done, ran.Count);
        AssertSame(["0 text 0", "1 text 0", "2 text 0"], next.Output, inOrder: false);
    }

    [Fact]
    public async Task What_comes_after_the_last_line_is_written_over_and_nothing_else_is()
    {
        await Run(_folder, [0, 1], Writing([]), new CollectingSink());
        string outputs = OutputFile.PathOf(_folder.Path);
        byte[] before = File.ReadAllBytes(outputs);
        File.AppendAllText(outputs, "what a run was writing when it was ended");
        await Run(_folder, [0, 1], Writing([]), new CollectingSink());
        Assert.Equal(before, File.ReadAllBytes(outputs));
        await Run(_folder, [0, 1, 2], Writing([]), new CollectingSink());
        Assert.Equal(before, File.ReadAllBytes(outputs)[..before.Length]);
    }

    [Fact]
    public async Task A_journal_that_was_kept_without_outputs_says_so()
    {
        await _folder.Run(Writing([]), [0, 1], new CollectingSink());
        string before = _folder.Text;
        JournalException exception = Assert.Throws<JournalException>(() => _folder.OpenWithOutputs());
        Assert.Equal((JournalProblem.WithoutOutputs, "2"), (exception.Problem, exception.Detail));
        Assert.Equal(before, _folder.Text);
        Assert.Equal(["run.jsonl"], _folder.Files);
    }

    [Fact]
    public async Task A_journal_whose_outputs_are_gone_says_so()
    {
        await Run(_folder, [0, 1], Writing([]), new CollectingSink());
        File.Delete(OutputFile.PathOf(_folder.Path));
        Assert.Equal(JournalProblem.OutputsMissing, Assert.Throws<JournalException>(() => _folder.OpenWithOutputs()).Problem);
    }

    [Fact]
    public void Another_file_in_the_place_of_the_outputs_is_left_alone()
    {
        File.WriteAllText(OutputFile.PathOf(_folder.Path), "my notes");
        Assert.Equal(JournalProblem.NotOutputs, Assert.Throws<JournalException>(() => _folder.OpenWithOutputs()).Problem);
        Assert.Equal("my notes", File.ReadAllText(OutputFile.PathOf(_folder.Path)));
    }

    [Fact]
    public async Task Who_may_read_the_journal_may_read_the_outputs_and_no_one_else()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There the folder decides.");
            return;
        }

        File.WriteAllBytes(_folder.Path, []);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Run(_folder, [0], Writing([]), new CollectingSink());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OutputFile.PathOf(_folder.Path)));
    }

    [Fact]
    public async Task What_was_done_before_is_read_no_further_ahead_of_the_first_unfinished_item_than_what_is_run()
    {
        await Run(_folder, [.. Enumerable.Range(1, 500)], Writing([]), new CollectingSink());
        using Gate go = new();
        using Gate isAhead = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            context.WaitFor(go);
            context.Write($"{item.Input} text 0");
        });
        IEnumerable<object?> Input()
        {
            for (int item = 0; item <= 500; item++)
            {
                if (item == 100)
                {
                    isAhead.Open();
                }
                else if (item == 300)
                {
                    // It would not come here before the first item has ended.
                    Assert.True(go.IsOpen);
                }

                yield return item;
            }
        }

        CollectingSink sink = new();
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, KeepOrder = true, Journal = _folder.OpenWithOutputs() }, workers, TimeProvider.System);
        Task<RunOutcome> feeding = Batches.FeedToTheRest(run, Input(), sink);
        isAhead.Pass();
        go.Open();
        await Bounded.Await(feeding);
        Assert.Equal("0 text 0", sink.Output[0]);
        Assert.Equal(Enumerable.Range(1, 500).SelectMany(OutputOf), sink.Output.Skip(1));
    }

    private static IEnumerable<string> OutputOf(int item) => Enumerable.Range(0, item % 4).Select(part => $"{item} text {part}");

    private static ScriptedWorkers Writing(ConcurrentBag<int> ran, Func<int, bool>? fails = null) => new((item, context) =>
    {
        int number = (int)item.Input!;
        ran.Add(number);
        context.Write(RecordKind.Error, $"error {number}");
        foreach (string text in OutputOf(number))
        {
            context.Write(text);
        }

        if (fails?.Invoke(number) == true)
        {
            throw new InvalidOperationException("no");
        }
    });

    private static async Task<RunOutcome> Run(
        JournalFolder folder, List<int> input, ScriptedWorkers workers, IResultSink sink, Func<BatchOptions, BatchOptions>? change = null)
    {
        BatchOptions options = new() { ThrottleLimit = 4, Journal = folder.OpenWithOutputs() };
        using BatchRun run = new(change?.Invoke(options) ?? options, workers, TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, input.Cast<object?>(), sink));
    }

    // As Ctrl+C does, at some moment.
    private static async Task RunUntil(JournalFolder folder, List<int> input, Func<int, bool> fails, int stopsAfter, ConcurrentBag<int> ran, bool keepsOrder)
    {
        int written = 0;
        BatchRun? run = null;
        CollectingSink sink = new()
        {
            OnWrite = _ =>
            {
                if (++written == stopsAfter)
                {
                    run!.Cancel();
                }
            },
        };
        using (run = new BatchRun(
            new BatchOptions { ThrottleLimit = 4, KeepOrder = keepsOrder, Journal = folder.OpenWithOutputs() }, Writing(ran, fails), TimeProvider.System))
        {
            await Bounded.Await(Batches.FeedToTheRest(run, input.Cast<object?>(), sink));
        }
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<object?> found, bool inOrder) =>
        Assert.Equal(inOrder ? expected : expected.Order(StringComparer.Ordinal), inOrder ? found : found.Cast<string>().Order(StringComparer.Ordinal));

    // What the journal says of itself is that each item has succeeded once.
    private static void AssertStanding(JournalFolder folder, int count)
    {
        JournalSummarizer summarizer = new(JournalStanding.Read(folder.Path), 1);
        foreach (Lines.JournalLine line in folder.Lines)
        {
            summarizer.Add(line);
        }

        JournalSummary summary = summarizer.Summarize();
        Assert.Equal((count, 0L, 0L), (summary.Succeeded, summary.Failed, summary.Canceled));
        Assert.Equal(count, JournalHistory.Read(folder.Path).SucceededCount);
    }

    private static void AssertWhole(JournalFolder folder)
    {
        long end = folder.Lines.Max(line => line.Entry?.Kept?.End ?? 0);
        if (end > 0)
        {
            using OutputFile file = OutputFile.Open(folder.Path, end);
            using OutputCheck check = new(file);
            Assert.All(
                folder.Lines.Where(line => line.Entry is not null),
                line => Assert.True(check.IsWhole(line.Entry!.Key, line.Entry.Kept!.Value.At), string.Create(CultureInfo.InvariantCulture, $"{line.Entry.Index}")));
        }
    }

    private static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = File.Create(to);
        source.CopyTo(target);
    }

    private static void Cut(string path, long least, int perMille)
    {
        using FileStream file = new(path, FileMode.Open);
        file.SetLength(least + ((file.Length - least) * perMille / 1000));
    }

    // Behind the first words, by which the file is known.
    private static void Change(string path, int perMille, Action<Span<byte>> change)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = (int)Math.Max(21, (long)bytes.Length * perMille / 1000);
        if (start < bytes.Length)
        {
            change(bytes.AsSpan(start));
            File.WriteAllBytes(path, bytes);
        }
    }
}
