using System.Collections;
using Switchyard.Core.Gauges;
using Switchyard.Core.Items;
using Switchyard.Core.Journal;
using Switchyard.Journal;
using Xunit;

namespace Switchyard.Tests.Journal;

/// <summary>Paths as items of a journal, on file systems that tell names apart by their case and on those that do not.</summary>
public sealed class JournalPathTests : IDisposable
{
    private static readonly ItemDescriber _ignoring = new(new FileSystemCase(_ => true));
    private static readonly ItemDescriber _telling = new(new FileSystemCase(_ => false));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-journal-");

    public static TheoryData<object, object> OneFile => new()
    {
        { new FileInfo("/data/a.txt"), new FileInfo("/DATA/A.txt") },
        { new DirectoryInfo("/data/a"), new DirectoryInfo("/Data/A/") },
        { new object[] { new FileInfo("/data/a.txt"), 1 }, new object[] { new FileInfo("/data/A.txt"), 1 } },
        { new Hashtable { ["file"] = new FileInfo("/data/\u00fc.txt") }, new Hashtable { ["File"] = new FileInfo("/data/\u00dc.txt") } },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(OneFile))]
    public void They_are_one_item_where_the_folder_ignores_case(object one, object other)
    {
        Assert.Equal(_ignoring.Identify(one), _ignoring.Identify(other));
        Assert.NotEqual(_telling.Identify(one), _telling.Identify(other));
    }

    [Fact]
    public void A_text_is_no_path() => Assert.NotEqual(_ignoring.Identify("/data/a.txt"), _ignoring.Identify("/data/A.txt"));

    [Fact]
    public void Where_case_counts_keys_are_those_of_every_journal_before()
    {
        FileInfo file = new("/data/A.txt");
        Assert.Equal(_telling.IdentifyAsWritten(file), _telling.Identify(file));
        Assert.Equal(_telling.IdentifyAsWritten(file), _ignoring.IdentifyAsWritten(file));
    }

    [Fact]
    public void What_a_journal_of_before_says_was_done_is_done_as_often_as_it_says()
    {
        FileInfo file = new("/data/A.txt");
        object[] nested = [file];
        Run(_telling, [file, nested]);
        using (RunJournal next = Open(_ignoring))
        {
            Assert.True(next.WouldSkip(file));
            Assert.True(next.TrySkip(next.Identify(nested), nested, asResult: false, out _));
            Assert.True(next.TrySkip(next.Identify(file), file, asResult: false, out _));
            Assert.False(next.TrySkip(next.Identify(file), file, asResult: false, out _));
            Assert.False(next.WouldSkip(new FileInfo("/data/b.txt")));
            Add(next, new FileInfo("/data/a.TXT"), ItemStatus.Succeeded);
        }

        // One by the key of before and one by its own.
        using RunJournal last = Open(_ignoring);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(time => last.TrySkip(last.Identify(file), file, asResult: false, out _)));
    }

    [Fact]
    public void What_failed_in_a_journal_of_before_is_taken_up_by_its_key_of_then()
    {
        FileInfo file = new("/data/A.txt");
        using (RunJournal first = Open(_telling))
        {
            Add(first, file, ItemStatus.Failed);
        }

        using RunJournal next = Open(_ignoring);
        Assert.Equal(_telling.Identify(file), next.Identify(file));
    }

    private static void Add(RunJournal journal, object item, ItemStatus status)
    {
        long now = TimeProvider.System.GetTimestamp();
        ItemAccount account = new(now) { Key = journal.Identify(item), StartedAt = now };
        ItemAttempt attempt = new(new BatchItem(0, item) { Account = account }, 1, now, null, false, false, false);
        attempt.TryEnd(new ItemEnd(status), isOver: false);
        journal.Add(attempt);
    }

    private void Run(ItemDescriber describer, object[] items)
    {
        using RunJournal journal = Open(describer);
        Array.ForEach(items, item => Add(journal, item, ItemStatus.Succeeded));
    }

    private RunJournal Open(ItemDescriber describer) => RunJournal.Open(new JournalOptions
    {
        Path = Path.Combine(_folder.FullName, "run.jsonl"),
        Resumes = true,
        Describer = describer,
        Run = new JournalRun { StartedAt = DateTimeOffset.UtcNow, Command = "Test", MachineName = "machine", Work = "body", Settings = new Dictionary<string, string>() },
    });
}
