namespace Switchyard.Core.RemoteWorkers.Server;

public sealed class MemoryLimitTests
{
    [Fact]
    public void A_process_takes_more_than_nothing_and_less_than_everything()
    {
        Assert.True(new MemoryLimit().IsExceeded(1));
        Assert.False(new MemoryLimit().IsExceeded(long.MaxValue));
    }
}
