using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>What a run's journal notes of items, and what it knows of them afterwards, without a run.</summary>
public sealed class RunJournalEntryTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_that_is_known_of_an_item_is_noted()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        using (RunJournal journal = _folder.Open())
        {
            journal.Add(Ended(journal, "a", ItemStatus.Failed, error: "why"));
            Assert.True(journal.TryFlush());
            JournalEntry entry = Entries.Single();
            Assert.Equal((7L, ItemStatus.Failed, "a", 2, 4, 9), (entry.Index, entry.Status, entry.Item.Text, entry.Attempts, entry.WorkerId, entry.ExitCode));
            Assert.Equal((new ErrorDescription("Test", "why"), TimeSpan.FromMilliseconds(5)), (entry.Error, entry.Duration));
            Assert.Equal(TimeSpan.FromSeconds(2), entry.QueueTime);
            Assert.Equal(new TextDescriber().Identify("a"), entry.Key);
            Assert.InRange(entry.EndedAt - entry.StartedAt, TimeSpan.FromSeconds(0.999), TimeSpan.MaxValue);
            Assert.InRange(entry.StartedAt, before.AddSeconds(-2), entry.EndedAt);
            Assert.InRange(entry.EndedAt, before.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
        }
    }

    [Theory]
    [InlineData(ItemStatus.Succeeded, "part", "doubt")]
    [InlineData(ItemStatus.Failed, "whole", "failure")]
    public void Only_of_an_item_that_may_run_again_all_is_kept(ItemStatus status, string text, string error)
    {
        using RunJournal journal = RunJournal.Open(_folder.Options() with { Describer = new AskedDescriber() });
        journal.Add(Ended(journal, "a", status, error: "why"));
        Assert.True(journal.TryFlush());
        JournalEntry entry = Entries.Single();
        Assert.Equal((text, error), (entry.Item.Text, entry.Error!.Id));
    }

    [Fact]
    public void A_run_ends_with_what_became_of_its_items()
    {
        using (RunJournal journal = _folder.Open())
        {
            journal.Add(Ended(journal, "a", ItemStatus.Succeeded));
            journal.Add(Ended(journal, "b", ItemStatus.Failed));
            journal.Add(Ended(journal, "c", ItemStatus.TimedOut));
            journal.End("Completed", 5);
        }

        JournalRunEnd end = _folder.Lines[^1].End!;
        Assert.Equal(("Completed", 5L, 1L, 2L, 0L), (end.Reason, end.Read, end.Succeeded, end.Failed, end.DoneBefore));
        Assert.Equal(["run.jsonl"], _folder.Files);
    }

    [Fact]
    public void The_next_run_knows_what_was_done_and_what_is_doubtful()
    {
        using (RunJournal first = _folder.Open())
        {
            first.Add(Ended(first, "a", ItemStatus.Succeeded));
            first.Add(Ended(first, "b", ItemStatus.Succeeded, error: "but"));
            first.Add(Ended(first, "c", ItemStatus.Failed));
        }

        using RunJournal next = _folder.Open();
        Assert.Equal((1L, 0L), (next.DoubtfulCount, next.DoneBefore));
        Assert.True(next.WouldSkip("a"));
        Assert.False(next.WouldSkip("c"));
        Assert.True(next.TrySkip(next.Identify("a"), "a", asResult: false, out _));
        Assert.False(next.TrySkip(next.Identify("a"), "a", asResult: false, out _));
        Assert.False(next.WouldSkip("a"));
        Assert.Equal(1, next.DoneBefore);
        next.End("Completed", 1);
        Assert.True(next.TryFlush());
        Assert.Equal((2, 1L), (_folder.Lines[^2].Run!.Number, _folder.Lines[^1].End!.DoneBefore));
    }

    [Fact]
    public void What_was_noted_and_not_handed_on_is_taken_back_at_the_end()
    {
        using (RunJournal first = _folder.Open())
        {
            first.Add(Ended(first, "a", ItemStatus.Succeeded, index: 0), isHandedOn: true);
            first.Add(Ended(first, "b", ItemStatus.Succeeded, index: 1), isHandedOn: true);
            first.Add(Ended(first, "c", ItemStatus.Succeeded, index: 2));
            first.Add(Ended(first, "d", ItemStatus.Failed, index: 3), isHandedOn: true);
            first.NoteHandedOn(0);
            first.End("Canceled", 4);
        }

        JournalEntry back = Assert.Single(Entries, entry => entry.IsTakenBack);
        Assert.Equal((ItemStatus.Canceled, "b", 1L, string.Empty), (back.Status, back.Item.Text, back.Index, back.Error!.Id));
        JournalRunEnd end = _folder.Lines[^1].End!;
        Assert.Equal((2L, 2L), (end.Succeeded, end.Failed));
        using RunJournal next = _folder.Open();
        Assert.Equal(["a", "c"], "abcd".Select(letter => letter.ToString()).Where(next.WouldSkip));
    }

    [Fact]
    public void An_item_finds_its_own_place_unless_it_is_of_one_that_has_succeeded()
    {
        string folder = Path.GetDirectoryName(_folder.Path)!;
        string[] paths = [.. Enumerable.Range(0, 4).Select(number => Path.Combine(folder, $"{number}")), Path.Combine(folder, "other", "0")];
        using (RunJournal first = _folder.Open())
        {
            first.Add(Ended(first, "a", ItemStatus.Failed, output: paths[4]));
            first.Add(Ended(first, "a", ItemStatus.Failed, output: paths[0]));
            first.Add(Ended(first, "a", ItemStatus.Succeeded, output: paths[1]));
            first.Add(Ended(first, "a", ItemStatus.TimedOut, output: paths[2]));
            first.Add(Ended(first, "b", ItemStatus.Failed, output: paths[3]));
            first.Add(Ended(first, "b", ItemStatus.Succeeded, output: paths[3]));
            first.Add(Ended(first, "c", ItemStatus.Failed));
        }

        Assert.Equal([paths[4], paths[0], paths[1], paths[2], paths[3], paths[3], null], Entries.Select(entry => entry.OutputPath));
        using RunJournal next = RunJournal.Open(_folder.Options() with { OutputDirectory = folder });
        ItemKey key = next.Identify("a");
        Assert.Equal([paths[0], paths[2], null], new[] { next.TakeOutputPath(key), next.TakeOutputPath(key), next.TakeOutputPath(key) });
        Assert.Null(next.TakeOutputPath(next.Identify("b")));
        Assert.Null(next.TakeOutputPath(next.Identify("c")));
        Assert.Null(next.TakeOutputPath(next.Identify("d")));
    }

    [Fact]
    public void Of_a_quick_item_the_line_waits_for_others_and_of_a_slow_one_it_is_written_at_once()
    {
        using RunJournal journal = _folder.Open();
        journal.Add(Ended(journal, "quick", ItemStatus.Succeeded, milliseconds: 0));
        Assert.Empty(Entries);
        Assert.True(journal.TryFlush());
        Assert.Equal(["quick"], Entries.Select(entry => entry.Item.Text));
        journal.Add(Ended(journal, "slow", ItemStatus.Succeeded, milliseconds: 1));
        Assert.Equal(["quick", "slow"], Entries.Select(entry => entry.Item.Text));
    }

    [Fact]
    public void Many_quick_items_are_written_before_they_are_too_many()
    {
        using RunJournal journal = _folder.Open();
        journal.Add(Ended(journal, new string('x', 20_000), ItemStatus.Failed, milliseconds: 0));
        Assert.Single(Entries);
    }

    [Fact]
    public void Who_only_looks_knows_what_was_done_and_notes_nothing()
    {
        using (RunJournal first = _folder.Open())
        {
            first.Add(Ended(first, "a", ItemStatus.Succeeded));
        }

        string text = _folder.Text;
        using RunJournal looking = RunJournal.Open(_folder.Options(isReadOnly: true));
        Assert.True(looking.WouldSkip("a"));
        looking.Add(Ended(looking, "b", ItemStatus.Succeeded));
        looking.End("Completed", 1);
        Assert.True(looking.TryFlush());
        Assert.Equal(text, _folder.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_journal_that_was_left_takes_nothing_more(bool syncs)
    {
        RunJournal journal = RunJournal.Open(_folder.Options(syncs: syncs));
        journal.Add(Ended(journal, "a", ItemStatus.Succeeded, milliseconds: 0));
        journal.Dispose();
        journal.Add(Ended(journal, "b", ItemStatus.Succeeded));
        Assert.True(journal.TryFlush());
        journal.Dispose();
        Assert.Equal(["a"], Entries.Select(entry => entry.Item.Text));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_once_and_nothing_is_taken_as_kept()
    {
        File.WriteAllText(_folder.Path, "{}\n");
        List<JournalException> told = [];
        SafeFileHandle readOnly = File.OpenHandle(_folder.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using (JournalWriter writer = new(_folder.Path, readOnly, 3, JournalLock.TryTake(_folder.Path)!, syncs: false) { Failed = told.Add })
        {
            Assert.True(writer.TryFlush());
            for (int i = 0; i < 2; i++)
            {
                writer.Add(new JournalRun(), static (lines, run) => lines.Write(run), 0);
                Assert.False(writer.TryFlush());
            }
        }

        JournalException exception = Assert.Single(told);
        Assert.Equal((JournalProblem.NotWritable, _folder.Path), (exception.Problem, exception.Path));
        Assert.Equal("{}\n", _folder.Text);
    }

    private IEnumerable<JournalEntry> Entries => _folder.Lines.Where(line => line.Entry is not null).Select(line => line.Entry!);

    private static ItemAttempt Ended(RunJournal journal, string text, ItemStatus status, string? error = null, double milliseconds = 5, long index = 7, string? output = null)
    {
        long now = TimeProvider.System.GetTimestamp();
        long second = TimeProvider.System.TimestampFrequency;
        ItemAccount account = new(now - (3 * second))
        {
            Key = journal.Identify(text), StartedAt = now - second, Attempts = 2, Duration = TimeSpan.FromMilliseconds(milliseconds), OutputPath = output,
        };
        ItemAttempt attempt = new(new BatchItem(index, text) { Account = account }, 4, now, null, false, false, false);
        if (error is not null)
        {
            attempt.TryKeep(new ItemRecord(index, RecordKind.Error, error));
        }

        attempt.TryEnd(new ItemEnd(status) { ExitCode = 9 }, isOver: false);
        return attempt;
    }

    /// <summary>Tells what it was asked for.</summary>
    private sealed class AskedDescriber : IItemDescriber
    {
        public ItemKey Identify(object? item) => default;

        public ItemDescription Describe(object? item, bool isWhole) => new(ItemKind.Text, isWhole ? "whole" : "part");

        public ErrorDescription? DescribeError(object error, bool hasFailed) => new(hasFailed ? "failure" : "doubt", string.Empty);
    }
}
