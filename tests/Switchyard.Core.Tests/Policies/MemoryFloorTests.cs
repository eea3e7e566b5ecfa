using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Policies;

public sealed class MemoryFloorTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Short_memory_is_read_again_after_a_quarter_of_a_second()
    {
        FakeMemory memory = new(99);
        MemoryFloor floor = new(memory, 100, _clock);
        Assert.False(floor.IsKept(_clock.GetTimestamp(), out TimeSpan wait));
        Assert.Equal((TimeSpan.FromMilliseconds(250), 99L), (wait, floor.AvailableBytes));

        memory.Available = 100;
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(floor.IsKept(_clock.GetTimestamp(), out wait));
        Assert.Equal(TimeSpan.FromMilliseconds(1), wait);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(floor.IsKept(_clock.GetTimestamp(), out wait));
        Assert.Equal((TimeSpan.Zero, 100L, 2), (wait, floor.AvailableBytes, memory.Readings));
    }

    [Fact]
    public void Enough_memory_is_read_again_after_a_tenth_of_a_second()
    {
        FakeMemory memory = new(100);
        MemoryFloor floor = new(memory, 100, _clock);
        Assert.True(floor.IsKept(_clock.GetTimestamp(), out _));
        memory.Available = 0;
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.True(floor.IsKept(_clock.GetTimestamp(), out _));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(floor.IsKept(_clock.GetTimestamp(), out _));
    }
}
