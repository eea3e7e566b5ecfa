using Switchyard.Core.Harness;

namespace Switchyard.Core.Executables;

public sealed class ChildFollowerTests
{
    [Fact]
    public void A_deaf_child_that_never_stops_writing_is_killed()
    {
        using FloodingChild child = new();
        StopRequest stop = new();
        Ears ears = new();
        ChildFollower follower = new(child, ears, stop, TimeSpan.FromHours(1));
        Assert.True(follower.Step(Timeout.InfiniteTimeSpan));
        Assert.False(child.IsAsked);

        stop.Set(TimeSpan.Zero, isFinal: false);
        while (follower.Step(Timeout.InfiniteTimeSpan))
        {
        }

        Assert.True(child.IsAsked);
        Assert.True(child.IsKilled);
        Assert.True(follower.WasEnded);
        Assert.False(follower.WasOutstayed);
        Assert.True(ears.Bytes > 0);
    }

    private sealed class Ears : IChildStreams
    {
        public long Bytes { get; private set; }

        public void Output(ReadOnlySpan<byte> data) => Bytes += data.Length;

        public void Error(ReadOnlySpan<byte> data) => Bytes += data.Length;

        public void Idle()
        {
        }
    }
}
