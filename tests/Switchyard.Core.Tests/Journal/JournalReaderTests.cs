using System.Globalization;
using System.Text;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

public sealed class JournalReaderTests : IDisposable
{
    private const string FirstLine = "{\"event\":\"run\",\"version\":1,\"run\":1}\n";

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_and_bytes_are_counted_and_what_has_no_end_is_left()
    {
        File.WriteAllText(_folder.Path, FirstLine + Item("ä") + "{\"event\":\"it");
        using JournalReader reader = JournalReader.Open(_folder.Path);
        Assert.Equal((0L, 0L), (reader.LineNumber, reader.Position));
        Assert.True(reader.TryRead(out JournalLine line));
        Assert.Equal(1, line.Run!.Number);
        Assert.Equal((1L, (long)FirstLine.Length), (reader.LineNumber, reader.Position));
        Assert.True(reader.TryRead(out line));
        Assert.Equal("ä", line.Entry!.Item.Text);
        Assert.False(reader.TryRead(out line));
        Assert.Equal(default, line);
        Assert.Equal(new FileInfo(_folder.Path).Length - reader.TornTail.Length, reader.Position);
        Assert.Equal("{\"event\":\"it", Encoding.UTF8.GetString(reader.TornTail));
    }

    [Fact]
    public void A_line_that_comes_in_pieces_is_read_once_it_is_whole()
    {
        File.WriteAllText(_folder.Path, FirstLine);
        using JournalReader reader = JournalReader.Open(_folder.Path);
        Assert.True(reader.TryRead(out _));
        byte[] bytes = Encoding.UTF8.GetBytes(Item("x"));
        foreach (byte one in bytes)
        {
            Assert.False(reader.TryRead(out _));
            using FileStream stream = new(_folder.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            stream.WriteByte(one);
        }

        Assert.True(reader.TryRead(out JournalLine line));
        Assert.Equal("x", line.Entry!.Item.Text);
    }

    [Theory]
    [InlineData("1", "nonsense", 2)]
    [InlineData("2", "{\"event\":\"item\"", 3)]
    [InlineData("3", "", 4)]
    [InlineData("0", "\0\0\0", 1)]
    public void Damaged_lines_can_be_passed_over(string at, string damage, long number)
    {
        List<string> lines = [FirstLine, Item("a"), Item("b"), Item("c")];
        lines[int.Parse(at, CultureInfo.InvariantCulture)] = damage + "\n";
        File.WriteAllText(_folder.Path, string.Concat(lines));
        using JournalReader reader = JournalReader.Open(_folder.Path);
        List<JournalException> told = [];
        reader.Damaged = told.Add;
        int read = 0;
        while (reader.TryRead(out _))
        {
            read++;
        }

        Assert.Equal(3, read);
        JournalException exception = Assert.Single(told);
        Assert.Equal((JournalProblem.Damaged, number), (exception.Problem, exception.Line));
        Assert.Equal(new FileInfo(_folder.Path).Length, reader.Position);
    }

    [Fact]
    public void Reading_can_be_given_up()
    {
        File.WriteAllText(_folder.Path, FirstLine + Item("a"));
        Assert.Throws<OperationCanceledException>(() => JournalHistory.Read(_folder.Path, stop: Task.CompletedTask));
        Assert.Throws<OperationCanceledException>(() => RunJournal.Open(_folder.Options() with { Stop = Task.CompletedTask }));
    }

    [Theory]
    [InlineData("name,size\na,1\nb,2\n")]
    [InlineData("one line\n")]
    public void Another_file_is_no_damaged_journal(string text)
    {
        File.WriteAllText(_folder.Path, text);
        using JournalReader reader = JournalReader.Open(_folder.Path);
        reader.Damaged = _ => { };
        Assert.Equal(JournalProblem.NotAJournal, Assert.Throws<JournalException>(() => reader.TryRead(out _)).Problem);
    }

    [Fact]
    public void A_line_longer_than_any_buffer_is_read()
    {
        string text = new('x', 300_000);
        File.WriteAllText(_folder.Path, FirstLine + Item("a") + Item(text) + Item("b"));
        Assert.Equal(["a", text, "b"], _folder.Lines.Skip(1).Select(line => line.Entry!.Item.Text));
    }

    [Fact]
    public void A_line_that_cannot_be_read_is_told_with_its_number_and_why()
    {
        File.WriteAllText(_folder.Path, FirstLine + "{\"event\":\"odd\"}\n");
        JournalException exception = Assert.Throws<JournalException>(() => _folder.Lines);
        Assert.Equal(
            (JournalProblem.Damaged, 2L, _folder.Path, Messages.JournalLineKindUnknown),
            (exception.Problem, exception.Line, exception.Path, exception.Detail));
        Assert.IsAssignableFrom<System.Text.Json.JsonException>(exception.InnerException);
        Assert.Contains(exception.Detail, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":\"Failed\"}\n", JournalProblem.NotAJournal, "No run has begun.")]
    [InlineData("{\"event\":\"run\",\"version\":2}\n", JournalProblem.NewerVersion, "2 > 1")]
    public void A_file_that_begins_with_something_else_is_told_as_what_it_is(string text, object problem, string detail)
    {
        File.WriteAllText(_folder.Path, text);
        JournalException exception = Assert.Throws<JournalException>(() => _folder.Lines);
        Assert.Equal(((JournalProblem)problem, detail, 1L), (exception.Problem, exception.Detail, exception.Line));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        JournalException exception = Assert.Throws<JournalException>(() => _folder.Lines);
        Assert.Equal((JournalProblem.NotReadable, 0L), (exception.Problem, exception.Line));
        Assert.IsAssignableFrom<IOException>(exception.InnerException);
    }

    [Theory]
    [InlineData("{\"event\":\"run\",\"version\":1,\"sta")]
    [InlineData("{\"ev")]
    [InlineData("\0\0\0\0")]
    [InlineData("")]
    public void What_may_be_a_first_line_that_was_cut_off_is_begun_anew(string text)
    {
        File.WriteAllText(_folder.Path, text);
        JournalHistory history = JournalHistory.Read(_folder.Path);
        Assert.Equal((null, 0L), (history.LastRun, history.Length));
    }

    [Theory]
    [InlineData("{\"event\":\"rum")]
    [InlineData("\0\0a")]
    [InlineData("x")]
    public void What_may_not_is_another_file(string text)
    {
        File.WriteAllText(_folder.Path, text);
        JournalException exception = Assert.Throws<JournalException>(() => JournalHistory.Read(_folder.Path));
        Assert.Equal((JournalProblem.NotAJournal, 1L), (exception.Problem, exception.Line));
    }

    [Fact]
    public void Each_success_counts_once()
    {
        File.WriteAllText(
            _folder.Path,
            FirstLine + Item("a") + Item("a") + Item("b", error: true) + Item("c", "Failed", error: true) + "{\"event\":\"run\",\"version\":1,\"run\":2}\n" + Item("d"));
        JournalHistory history = JournalHistory.Read(_folder.Path);
        Assert.Equal((2, 1L, new FileInfo(_folder.Path).Length), (history.LastRun!.Number, history.DoubtfulCount, history.Length));
        ItemKey a = KeyOf("a");
        Assert.True(history.TryTake(a));
        Assert.True(history.Has(a));
        Assert.True(history.TryTake(a));
        Assert.False(history.Has(a));
        Assert.False(history.TryTake(a));
        Assert.True(history.Has(KeyOf("d")));
        Assert.False(history.TryTake(KeyOf("c")));
        Assert.False(history.Has(KeyOf("e")));
    }

    [Fact]
    public void A_failure_holds_until_a_later_run_has_taken_the_item_up()
    {
        File.WriteAllText(
            _folder.Path, FirstLine + Item("a", "Failed") + Item("b", "Failed") + "{\"event\":\"run\",\"version\":1,\"run\":2}\n" + Item("b", "Failed"));
        JournalStanding standing = JournalStanding.Read(_folder.Path);
        Assert.True(standing.Holds(Entry("a", ItemStatus.Failed), 1));
        Assert.False(standing.Holds(Entry("b", ItemStatus.Failed), 1));
        Assert.True(standing.Holds(Entry("b", ItemStatus.Failed), 2));
        Assert.True(standing.Holds(Entry("b", ItemStatus.Succeeded), 1));
        Assert.True(standing.Holds(Entry("c", ItemStatus.Failed), 1));

        static JournalEntry Entry(string text, ItemStatus status) => new() { Key = KeyOf(text), Status = status };
    }

    private static ItemKey KeyOf(string text) => new TextDescriber().Identify(text);

    private static string Item(string text, string status = "Succeeded", bool error = false) =>
        $"{{\"event\":\"item\",\"key\":\"{KeyOf(text)}\",\"status\":\"{status}\",\"text\":\"{text}\"{(error ? ",\"error\":{\"id\":\"i\",\"message\":\"m\"}" : string.Empty)}}}\n";
}
