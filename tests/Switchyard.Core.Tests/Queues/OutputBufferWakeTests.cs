using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

/// <summary>When a reader is woken: neither too early, nor again for what it was woken for.</summary>
public sealed class OutputBufferWakeTests
{
    private const int Batch = 256;

    private static readonly ItemRecord _end = new(0, RecordKind.End, null);

    private readonly WakeSignal _reader = new();
    private readonly OutputBuffer _buffer;

    public OutputBufferWakeTests() => _buffer = new OutputBuffer(capacity: 1000, _reader);

    [Theory]
    [InlineData(Batch - 2, false)]
    [InlineData(Batch - 1, true)]
    public void An_end_that_makes_a_batch_full_wakes_a_batched_reader(int held, bool expected)
    {
        _reader.Prepare(wakesImmediately: false);
        _buffer.AddEnd([.. Enumerable.Repeat(Output, held)], _end);
        Assert.Equal(expected, _reader.Wait(0));
    }

    [Fact]
    public void Of_a_full_batch_a_batched_reader_is_told_once()
    {
        Add(Batch);
        _reader.Prepare(wakesImmediately: false);
        Add(1);
        _buffer.AddEnd([], _end);
        Assert.False(_reader.Wait(0));
    }

    [Fact]
    public void A_reader_that_does_not_wait_is_not_woken_by_an_end()
    {
        _buffer.AddEnd([.. Enumerable.Repeat(Output, Batch)], _end);
        Assert.False(_reader.Wait(0));
        Assert.True(_reader.IsAnnounced);
    }

    [Fact]
    public void Only_the_first_record_is_announced()
    {
        Add(1);
        _reader.TakeAnnounced();
        Add(1);
        Assert.False(_reader.IsAnnounced);
    }

    [Fact]
    public void A_buffer_without_room_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new OutputBuffer(0, _reader));

    private static ItemRecord Output => new(0, RecordKind.Output, 1);

    private void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _buffer.Add(Output);
        }
    }
}
