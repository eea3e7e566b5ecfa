using Switchyard.Core.Harness;

namespace Switchyard.Core.Trials;

public sealed class ItemSupplyTests
{
    [Fact]
    public void Items_come_out_in_order_and_given_back_ones_first()
    {
        ItemSupply supply = new(10);
        Assert.All(Enumerable.Range(0, 4), i => Assert.True(supply.Add(i)));
        Assert.True(supply.TryTake(out object? first) && supply.TryTake(out _));
        Assert.Equal(0, first);
        supply.GiveBack([0, 1]);
        Assert.Equal(4, supply.Count);
        Assert.True(supply.TryTake(out first));
        Assert.Equal(0, first);
    }

    [Fact]
    public async Task Who_adds_too_much_waits_until_there_is_room_or_no_more_is_wanted()
    {
        ItemSupply supply = new(1);
        Assert.True(supply.Add(1));
        Task<bool> second = Bounded.Run(() => supply.Add(2));
        Assert.True(supply.TryTake(out _));
        Assert.True(await Bounded.Await(second));
        Task<bool> third = Bounded.Run(() => supply.Add(3));
        supply.Close();
        Assert.False(await Bounded.Await(third));
    }

    [Fact]
    public async Task Who_waits_for_items_gets_what_there_is_when_there_will_be_no_more()
    {
        ItemSupply supply = new(10);
        Task<int> waiting = Bounded.Run(() => supply.Await(5, TimeSpan.FromMinutes(1)));
        supply.Add(1);
        supply.End();
        Assert.Equal(1, await Bounded.Await(waiting));
        Assert.True(supply.TryTake(out _));
        Assert.False(supply.TryTake(out _));
    }
}
