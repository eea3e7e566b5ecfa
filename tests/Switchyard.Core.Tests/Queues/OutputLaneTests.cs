using Switchyard.Harness;
using Switchyard.Items;

namespace Switchyard.Queues;

public sealed class OutputLaneTests
{
    private readonly WakeSignal _reader = new();

    [Fact]
    public void Records_are_taken_in_the_order_written()
    {
        OutputLane lane = new(capacity: 1000, _reader);
        Fill(lane, 0, 100);
        Assert.Equal(Enumerable.Range(0, 100), TakeAll(lane));
        Fill(lane, 100, 3);
        Assert.Equal([100, 101, 102], TakeAll(lane));
        Assert.Empty(TakeAll(lane));
    }

    [Fact]
    public void It_knows_whether_it_is_empty()
    {
        OutputLane lane = new(capacity: 4, _reader);
        Assert.True(lane.IsEmpty());
        Assert.True(lane.LooksEmpty);
        Fill(lane, 0, 1);
        Assert.False(lane.IsEmpty());
        Assert.False(lane.LooksEmpty);
        TakeAll(lane);
        Assert.True(lane.IsEmpty());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void A_writer_waits_at_the_capacity_until_all_is_read(int capacity)
    {
        OutputLane lane = new(capacity, _reader);
        Thread writer = Patience.Start("writer", () => Fill(lane, 0, capacity + 1));
        Assert.True(_reader.Wait((int)Patience.Limit.TotalMilliseconds), "A full lane wakes its reader.");
        Patience.UntilBlocked(writer);
        Assert.Equal(Enumerable.Range(0, capacity), TakeAll(lane));
        Patience.Join(writer);
        Assert.Equal([capacity], TakeAll(lane));
    }

    [Fact]
    public void Close_releases_a_blocked_writer_and_drops_what_it_had()
    {
        OutputLane lane = new(capacity: 2, _reader);
        Thread writer = Patience.Start("writer", () => Fill(lane, 0, 10));
        Assert.True(_reader.Wait((int)Patience.Limit.TotalMilliseconds));
        lane.Close();
        Patience.Join(writer);
        Assert.Equal([0, 1], TakeAll(lane));
        Fill(lane, 10, 1);
        Assert.True(lane.IsEmpty());
    }

    [Fact]
    public void It_tells_whether_it_holds_a_record_of_an_item()
    {
        OutputLane lane = new(capacity: 4, _reader);
        lane.Add(new ItemRecord(7, RecordKind.Output, 0));
        lane.Add(new ItemRecord(9, RecordKind.End, 0));
        Assert.True(lane.Holds(7));
        Assert.True(lane.Holds(9));
        Assert.False(lane.Holds(8));
        TakeAll(lane);
        Assert.False(lane.Holds(7));
    }

    [Fact]
    public void A_hungry_reader_is_woken_by_one_record()
    {
        OutputLane lane = new(capacity: 4, _reader);
        _reader.Prepare(hungry: true);
        Fill(lane, 0, 1);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void A_patient_reader_is_woken_by_a_heap_only()
    {
        OutputLane lane = new(capacity: 1000, _reader);
        _reader.Prepare(hungry: false);
        Fill(lane, 0, 255);
        Assert.True(_reader.IsAnnounced);
        Assert.False(_reader.Wait(0));
        _reader.Prepare(hungry: false);
        Fill(lane, 255, 1);
        Assert.True(_reader.Wait(0));
    }

    [Fact]
    public void A_busy_reader_is_not_disturbed()
    {
        OutputLane lane = new(capacity: 1000, _reader);
        Fill(lane, 0, 1000);
        Assert.False(_reader.Wait(0));
    }

    private static void Fill(OutputLane lane, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            lane.Add(new ItemRecord(0, RecordKind.Output, i));
        }
    }

    private static int[] TakeAll(OutputLane lane)
    {
        ItemRecord[] records = new ItemRecord[16];
        int count = lane.TakeAll(ref records);
        return [.. records.Take(count).Select(record => (int)record.Value!)];
    }
}
