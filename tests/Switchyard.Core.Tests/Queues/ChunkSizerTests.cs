using System.Diagnostics;

namespace Switchyard.Core.Queues;

public sealed class ChunkSizerTests
{
    private static readonly long _second = Stopwatch.Frequency;

    [Fact]
    public void It_starts_with_one_item() => Assert.Equal(1, new ChunkSizer().Size);

    [Fact]
    public void Trivial_items_double_it_up_to_the_most()
    {
        ChunkSizer sizer = new();
        for (int expected = 2; expected <= ChunkSizer.MaxSize; expected *= 2)
        {
            sizer.Note(sizer.Size, ticks: 0);
            Assert.Equal(expected, sizer.Size);
        }

        sizer.Note(sizer.Size, ticks: 0);
        Assert.Equal(ChunkSizer.MaxSize, sizer.Size);
    }

    [Fact]
    public void A_slow_item_brings_it_back_to_one_at_once()
    {
        ChunkSizer sizer = Grown();
        sizer.Note(1, _second);
        Assert.Equal(1, sizer.Size);
    }

    [Fact]
    public void It_settles_where_a_chunk_takes_half_a_millisecond()
    {
        ChunkSizer sizer = new();
        for (int i = 0; i < 20; i++)
        {
            sizer.Note(sizer.Size, sizer.Size * (_second / 2000 / 50));
        }

        Assert.InRange(sizer.Size, 49, 51);
    }

    [Fact]
    public void How_long_a_chunk_is_to_take_can_be_told()
    {
        ChunkSizer sizer = new(TimeSpan.FromMilliseconds(100));
        for (int i = 0; i < 20; i++)
        {
            sizer.Note(sizer.Size, sizer.Size * (_second / 100));
        }

        Assert.Equal(10, sizer.Size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_items_prove_nothing(int count)
    {
        ChunkSizer sizer = Grown();
        int size = sizer.Size;
        sizer.Note(count, _second);
        Assert.Equal(size, sizer.Size);
    }

    [Fact]
    public void Items_are_trivial_from_sixteen_at_a_time()
    {
        ChunkSizer sizer = new();
        while (sizer.Size < ChunkSizer.TrivialSize)
        {
            Assert.False(sizer.IsTrivial);
            sizer.Note(sizer.Size, ticks: 0);
        }

        Assert.True(sizer.IsTrivial);
    }

    private static ChunkSizer Grown()
    {
        ChunkSizer sizer = new();
        for (int i = 0; i < 6; i++)
        {
            sizer.Note(sizer.Size, ticks: 0);
        }

        return sizer;
    }
}
