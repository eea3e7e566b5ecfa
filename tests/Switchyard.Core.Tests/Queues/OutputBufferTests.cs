using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

public sealed class OutputBufferTests
{
    private readonly WakeSignal _reader = new();

    [Fact]
    public void Records_are_taken_in_the_order_written()
    {
        OutputBuffer buffer = new(capacity: 1000, _reader);
        Fill(buffer, 0, 100);
        Assert.Equal(Enumerable.Range(0, 100), TakeAll(buffer));
        Fill(buffer, 100, 3);
        Assert.Equal([100, 101, 102], TakeAll(buffer));
        Assert.Empty(TakeAll(buffer));
    }

    [Fact]
    public void It_knows_whether_it_is_empty()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        Assert.True(buffer.IsEmpty());
        Assert.True(buffer.IsEmptySnapshot);
        Fill(buffer, 0, 1);
        Assert.False(buffer.IsEmpty());
        Assert.False(buffer.IsEmptySnapshot);
        TakeAll(buffer);
        Assert.True(buffer.IsEmpty());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void A_writer_waits_at_the_capacity_until_all_is_read(int capacity)
    {
        OutputBuffer buffer = new(capacity, _reader);
        Thread writer = Bounded.Start("writer", () => Fill(buffer, 0, capacity + 1));
        Assert.True(_reader.Wait((int)Bounded.Limit.TotalMilliseconds), "A full buffer wakes its reader.");
        Bounded.UntilBlocked(writer);
        Assert.Equal(Enumerable.Range(0, capacity), TakeAll(buffer));
        Bounded.Join(writer);
        Assert.Equal([capacity], TakeAll(buffer));
    }

    [Fact]
    public void Close_releases_a_blocked_writer_and_drops_what_it_had()
    {
        OutputBuffer buffer = new(capacity: 2, _reader);
        Thread writer = Bounded.Start("writer", () => Fill(buffer, 0, 10));
        Assert.True(_reader.Wait((int)Bounded.Limit.TotalMilliseconds));
        buffer.Close();
        Bounded.Join(writer);
        Assert.Equal([0, 1], TakeAll(buffer));
        Fill(buffer, 10, 1);
        Assert.True(buffer.IsEmpty());
    }

    [Fact]
    public void Closed_for_last_words_it_loses_nothing_until_it_is_sealed()
    {
        OutputBuffer buffer = new(capacity: 2, _reader);
        Thread writer = Bounded.Start("writer", () => Fill(buffer, 0, 10));
        Assert.True(_reader.Wait((int)Bounded.Limit.TotalMilliseconds));
        buffer.Close(takesLastWords: true);
        Bounded.Join(writer);
        Fill(buffer, 10, 1);
        Assert.Equal(Enumerable.Range(0, 11), TakeAll(buffer));
        buffer.Seal([], null);
        Fill(buffer, 11, 1);
        Assert.True(buffer.IsEmpty());
    }

    [Fact]
    public void Of_last_words_it_takes_so_much_and_no_more()
    {
        OutputBuffer buffer = new(capacity: 2, _reader);
        buffer.Close(takesLastWords: true);
        byte[] large = new byte[1024 * 1024];
        for (int i = 0; i < 100; i++)
        {
            buffer.Add(new ItemRecord(i, RecordKind.Output, large));
        }

        ItemRecord[] taken = [];
        Assert.Equal(63, buffer.TakeAll(ref taken));
    }

    [Fact]
    public void It_tells_whether_it_holds_a_record_of_an_item()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        buffer.Add(new ItemRecord(7, RecordKind.Output, 0));
        buffer.Add(new ItemRecord(9, RecordKind.End, 0));
        Assert.True(buffer.Holds(7));
        Assert.True(buffer.Holds(9));
        Assert.False(buffer.Holds(8));
        TakeAll(buffer);
        Assert.False(buffer.Holds(7));
    }

    [Fact]
    public void A_reader_that_waits_for_anything_is_woken_by_one_record()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        _reader.Prepare(wakesImmediately: true);
        Fill(buffer, 0, 1);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void A_reader_that_waits_for_a_batch_is_woken_by_one_only()
    {
        OutputBuffer buffer = new(capacity: 1000, _reader);
        _reader.Prepare(wakesImmediately: false);
        Fill(buffer, 0, 255);
        Assert.True(_reader.IsAnnounced);
        Assert.False(_reader.Wait(0));
        _reader.Prepare(wakesImmediately: false);
        Fill(buffer, 255, 1);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void A_busy_reader_is_not_disturbed()
    {
        OutputBuffer buffer = new(capacity: 1000, _reader);
        Fill(buffer, 0, 1000);
        Assert.False(_reader.Wait(0));
    }

    private static void Fill(OutputBuffer buffer, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            buffer.Add(new ItemRecord(0, RecordKind.Output, i));
        }
    }

    private static int[] TakeAll(OutputBuffer buffer)
    {
        ItemRecord[] records = new ItemRecord[16];
        int count = buffer.TakeAll(ref records);
        return [.. records.Take(count).Select(record => (int)record.Value!)];
    }
}
