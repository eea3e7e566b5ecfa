using CsCheck;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

public sealed class OrderBufferTests
{
    private readonly CollectingSink _sink = new();
    private readonly OrderBuffer _buffer = new(maxRecords: 3);

    [Fact]
    public void The_head_writes_straight_through()
    {
        Add(0, "a");
        Assert.Equal(["a"], _sink.Output);
        Assert.Equal(0, _buffer.Head);
    }

    [Fact]
    public void Later_items_wait_for_the_head_to_end()
    {
        Add(1, "b");
        End(1);
        Add(2, "c");
        Assert.Empty(_sink.Output);
        Add(0, "a");
        End(0);
        Assert.Equal(["a", "b", "c"], _sink.Output);
        Assert.Equal(2, _buffer.Head);
        Add(2, "d");
        Assert.Equal("d", _sink.Output[^1]);
    }

    [Fact]
    public void An_item_that_wrote_nothing_holds_up_no_other_once_it_ended()
    {
        Add(2, "c");
        End(1);
        End(0);
        Assert.Equal(["c"], _sink.Output);
    }

    [Fact]
    public void Progress_and_the_workers_own_words_pass_at_once()
    {
        _buffer.Add(new ItemRecord(5, RecordKind.Progress, "half"), _sink);
        _buffer.Add(new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, "mind"), _sink);
        Assert.Equal(["half", "mind"], _sink.Records.Select(record => record.Value));
        Assert.False(_buffer.IsOverfull);
    }

    [Fact]
    public void It_is_overfull_while_it_keeps_as_much_as_it_may()
    {
        Add(1, "b");
        Add(1, "b");
        Assert.False(_buffer.IsOverfull);
        Add(2, "c");
        Assert.True(_buffer.IsOverfull);
        End(0);
        Assert.False(_buffer.IsOverfull);
    }

    [Fact]
    public void An_item_far_ahead_finds_room()
    {
        Add(1000, "z");
        for (int i = 999; i >= 0; i--)
        {
            Add(i, "x");
            End(i);
        }

        Assert.Equal(1001, _sink.Count);
        Assert.Equal("z", _sink.Output[^1]);
    }

    [Fact]
    public void A_result_is_written_in_its_turn_after_the_items_records()
    {
        ItemResult second = Result(1);
        ItemResult first = Result(0);
        Add(1, "b");
        _buffer.Add(new ItemRecord(1, RecordKind.End, second), _sink);
        Assert.Empty(_sink.Results);
        _buffer.Add(new ItemRecord(0, RecordKind.End, first), _sink);
        Assert.Equal([first, second], _sink.Results);
        Assert.Equal(["b"], _sink.Output);
        Assert.Equal(2, _buffer.Head);
    }

    [Fact]
    public void Flushed_it_writes_what_is_held_in_order_though_items_before_did_not_end()
    {
        ItemResult fifth = Result(5);
        Add(0, "a");
        Add(900, "z");
        Add(3, "d");
        _buffer.Add(new ItemRecord(5, RecordKind.End, fifth), _sink);
        Add(1, "b");
        Add(3, "e");
        _buffer.Flush(_sink);
        Assert.Equal(["a", "b", "d", "e", "z"], _sink.Output);
        Assert.Equal([fifth], _sink.Results);
        Assert.False(_buffer.IsOverfull);
        _buffer.Flush(_sink);
        Assert.Equal(5, _sink.Count);
    }

    [Fact]
    public void Any_interleaving_comes_out_in_the_order_of_the_input() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 200], Gen.Int[0, 9999].Array[2000]).Sample((recordsPerItem, choices) =>
        {
            CollectingSink sink = new();
            OrderBuffer buffer = new(maxRecords: 10);
            int[] written = new int[recordsPerItem.Length];
            List<int> open = [.. Enumerable.Range(0, recordsPerItem.Length)];
            int held = 0;
            for (int step = 0; open.Count > 0; step++)
            {
                int choice = choices[step % choices.Length] % open.Count;
                int item = open[choice];
                bool ends = written[item] == recordsPerItem[item];
                buffer.Add(ends ? new ItemRecord(item, RecordKind.End, null) : new ItemRecord(item, RecordKind.Output, written[item]++), sink);
                if (ends)
                {
                    open.RemoveAt(choice);
                }

                held = written.Sum() - sink.Count;
                Assert.Equal(held >= 10, buffer.IsOverfull);
            }

            Assert.Equal(recordsPerItem.Length, buffer.Head);
            Assert.Equal(0, held);
            Assert.Equal(
                recordsPerItem.SelectMany((count, item) => Enumerable.Range(0, count).Select(i => new ItemRecord(item, RecordKind.Output, i))),
                sink.Records);
        });

    private void Add(long index, string value) => _buffer.Add(new ItemRecord(index, RecordKind.Output, value), _sink);

    private static ItemResult Result(long index) => new() { Index = index, Input = null, Status = ItemStatus.TimedOut };

    private void End(long index) => _buffer.Add(new ItemRecord(index, RecordKind.End, null), _sink);
}
