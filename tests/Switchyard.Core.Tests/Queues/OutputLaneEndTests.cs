using Switchyard.Harness;
using Switchyard.Items;

namespace Switchyard.Queues;

public sealed class OutputLaneEndTests
{
    private static readonly ItemRecord _end = new(0, RecordKind.End, null);

    private readonly WakeSignal _reader = new();

    [Fact]
    public void An_items_last_records_come_at_once_however_many_they_are()
    {
        OutputLane lane = new(capacity: 4, _reader);
        lane.Add(Output(0));
        lane.AddEnd([.. Enumerable.Range(1, 100).Select(Output)], _end);
        Assert.Equal([.. Enumerable.Range(0, 101).Select(Output), _end], TakeAll(lane));
        Assert.True(lane.IsEmpty());
    }

    [Fact]
    public void They_wait_for_the_reader_while_the_lane_is_full()
    {
        OutputLane lane = new(capacity: 1, _reader);
        lane.Add(Output(0));
        Thread writer = Patience.Start("writer", () => lane.AddEnd([Output(1)], _end));
        Assert.True(_reader.Wait((int)Patience.Limit.TotalMilliseconds));
        Patience.UntilBlocked(writer);
        Assert.True(lane.IsBlocked);
        Assert.Equal([Output(0)], TakeAll(lane));
        Patience.Join(writer);
        Assert.False(lane.IsBlocked);
        Assert.Equal([Output(1), _end], TakeAll(lane));
    }

    [Fact]
    public void They_are_not_lost_when_the_lane_was_closed_and_do_not_wait_then()
    {
        OutputLane lane = new(capacity: 1, _reader);
        lane.Add(Output(0));
        Thread writer = Patience.Start("writer", () => lane.AddEnd([Output(1)], _end));
        Patience.UntilBlocked(writer);
        lane.Close();
        Patience.Join(writer);
        lane.AddEnd([], _end);
        lane.Add(Output(2));
        Assert.Equal([Output(0), Output(1), _end, _end], TakeAll(lane));
    }

    [Fact]
    public void A_hungry_reader_is_woken_by_an_end()
    {
        OutputLane lane = new(capacity: 4, _reader);
        _reader.Prepare(hungry: true);
        lane.AddEnd([], _end);
        Assert.True(_reader.Wait(0));
        Assert.True(_reader.IsAnnounced);
    }

    [Fact]
    public void A_patient_reader_is_woken_by_an_end_that_is_a_heap()
    {
        OutputLane lane = new(capacity: 4, _reader);
        _reader.Prepare(hungry: false);
        lane.AddEnd([.. Enumerable.Range(0, 10).Select(Output)], _end);
        Assert.False(_reader.Wait(0));
        _reader.Prepare(hungry: false);
        TakeAll(lane);
        lane.AddEnd([.. Enumerable.Range(0, 300).Select(Output)], _end);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void Sealed_it_holds_the_end_that_another_wrote_and_drops_what_its_worker_brings()
    {
        OutputLane lane = new(capacity: 2, _reader);
        lane.Add(Output(0));
        lane.Add(Output(1));
        Thread writer = Patience.Start("writer", () => lane.Add(Output(2)));
        Patience.UntilBlocked(writer);
        _reader.Wait(0);
        lane.Seal([Output(3)], _end);
        Assert.True(_reader.Wait(0), "Sealing wakes the reader.");
        Patience.Join(writer);
        lane.Add(Output(4));
        Assert.Equal([Output(0), Output(1), Output(3), _end], TakeAll(lane));
    }

    [Fact]
    public void Sealed_without_an_end_it_keeps_only_what_was_there()
    {
        OutputLane lane = new(capacity: 2, _reader);
        lane.Add(Output(0));
        lane.Seal([Output(1)], null);
        lane.Add(Output(2));
        Assert.Equal([Output(0)], TakeAll(lane));
    }

    [Fact]
    public void Time_in_which_the_writer_waits_is_counted_and_no_other()
    {
        OutputLane lane = new(capacity: 1, _reader);
        lane.Add(Output(0));
        Assert.Equal(TimeSpan.Zero, lane.BlockedTime);
        Thread writer = Patience.Start("writer", () => lane.Add(Output(1)));
        Patience.Until(() => lane.IsBlocked, "it waits");
        long start = TimeProvider.System.GetTimestamp();
        Patience.UntilBlocked(writer);
        TimeSpan least = TimeProvider.System.GetElapsedTime(start);
        TakeAll(lane);
        Patience.Join(writer);
        Assert.False(lane.IsBlocked);
        Assert.InRange(lane.BlockedTime, least, Patience.Limit);
        TimeSpan blocked = lane.BlockedTime;
        TakeAll(lane);
        lane.Add(Output(2));
        Assert.Equal(blocked, lane.BlockedTime);
    }

    private static ItemRecord Output(int value) => new(0, RecordKind.Output, value);

    private static IEnumerable<ItemRecord> TakeAll(OutputLane lane)
    {
        ItemRecord[] records = new ItemRecord[16];
        int count = lane.TakeAll(ref records);
        return [.. records.Take(count)];
    }
}
