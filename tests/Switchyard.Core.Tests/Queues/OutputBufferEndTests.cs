using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

public sealed class OutputBufferEndTests
{
    private static readonly ItemRecord _end = new(0, RecordKind.End, null);

    private readonly WakeSignal _reader = new();

    [Fact]
    public void An_items_last_records_come_at_once_however_many_they_are()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        buffer.Add(Output(0));
        buffer.AddEnd([.. Enumerable.Range(1, 100).Select(Output)], _end);
        Assert.Equal([.. Enumerable.Range(0, 101).Select(Output), _end], TakeAll(buffer));
        Assert.True(buffer.IsEmpty());
    }

    [Fact]
    public void They_wait_for_the_reader_while_the_buffer_is_full()
    {
        OutputBuffer buffer = new(capacity: 1, _reader);
        buffer.Add(Output(0));
        Thread writer = Bounded.Start("writer", () => buffer.AddEnd([Output(1)], _end));
        Assert.True(_reader.Wait((int)Bounded.Limit.TotalMilliseconds));
        Bounded.UntilBlocked(writer);
        Assert.True(buffer.IsBlocked);
        Assert.Equal([Output(0)], TakeAll(buffer));
        Bounded.Join(writer);
        Assert.False(buffer.IsBlocked);
        Assert.Equal([Output(1), _end], TakeAll(buffer));
    }

    [Fact]
    public void They_are_not_lost_when_the_buffer_was_closed_and_do_not_wait_then()
    {
        OutputBuffer buffer = new(capacity: 1, _reader);
        buffer.Add(Output(0));
        Thread writer = Bounded.Start("writer", () => buffer.AddEnd([Output(1)], _end));
        Bounded.UntilBlocked(writer);
        buffer.Close();
        Bounded.Join(writer);
        buffer.AddEnd([], _end);
        buffer.Add(Output(2));
        Assert.Equal([Output(0), Output(1), _end, _end], TakeAll(buffer));
    }

    [Fact]
    public void A_reader_that_waits_for_anything_is_woken_by_an_end()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        _reader.Prepare(wakesImmediately: true);
        buffer.AddEnd([], _end);
        Assert.True(_reader.Wait(0));
        Assert.True(_reader.IsAnnounced);
    }

    [Fact]
    public void A_reader_that_waits_for_a_batch_is_woken_by_an_end_that_makes_one()
    {
        OutputBuffer buffer = new(capacity: 4, _reader);
        _reader.Prepare(wakesImmediately: false);
        buffer.AddEnd([.. Enumerable.Range(0, 10).Select(Output)], _end);
        Assert.False(_reader.Wait(0));
        _reader.Prepare(wakesImmediately: false);
        TakeAll(buffer);
        buffer.AddEnd([.. Enumerable.Range(0, 300).Select(Output)], _end);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void Sealed_it_holds_the_end_that_another_wrote_and_drops_what_its_worker_brings()
    {
        OutputBuffer buffer = new(capacity: 2, _reader);
        buffer.Add(Output(0));
        buffer.Add(Output(1));
        Thread writer = Bounded.Start("writer", () => buffer.Add(Output(2)));
        Bounded.UntilBlocked(writer);
        _reader.Wait(0);
        buffer.Seal([Output(3)], _end);
        Assert.True(_reader.Wait(0), "Sealing wakes the reader.");
        Bounded.Join(writer);
        buffer.Add(Output(4));
        Assert.Equal([Output(0), Output(1), Output(3), _end], TakeAll(buffer));
    }

    [Fact]
    public void Sealed_without_an_end_it_keeps_only_what_was_there()
    {
        OutputBuffer buffer = new(capacity: 2, _reader);
        buffer.Add(Output(0));
        buffer.Seal([Output(1)], null);
        buffer.Add(Output(2));
        Assert.Equal([Output(0)], TakeAll(buffer));
    }

    [Fact]
    public void Time_in_which_the_writer_waits_is_counted_and_no_other()
    {
        OutputBuffer buffer = new(capacity: 1, _reader);
        buffer.Add(Output(0));
        Assert.Equal(TimeSpan.Zero, buffer.BlockedTime);
        Thread writer = Bounded.Start("writer", () => buffer.Add(Output(1)));
        Bounded.Until(() => buffer.IsBlocked, "it waits");
        long start = TimeProvider.System.GetTimestamp();
        Bounded.UntilBlocked(writer);
        TimeSpan least = TimeProvider.System.GetElapsedTime(start);
        TakeAll(buffer);
        Bounded.Join(writer);
        Assert.False(buffer.IsBlocked);
        Assert.InRange(buffer.BlockedTime, least, Bounded.Limit);
        TimeSpan blocked = buffer.BlockedTime;
        TakeAll(buffer);
        buffer.Add(Output(2));
        Assert.Equal(blocked, buffer.BlockedTime);
    }

    private static ItemRecord Output(int value) => new(0, RecordKind.Output, value);

    private static IEnumerable<ItemRecord> TakeAll(OutputBuffer buffer)
    {
        ItemRecord[] records = new ItemRecord[16];
        int count = buffer.TakeAll(ref records);
        return [.. records.Take(count)];
    }
}
