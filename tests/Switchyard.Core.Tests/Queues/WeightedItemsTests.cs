using CsCheck;

namespace Switchyard.Core.Queues;

public sealed class WeightedItemsTests
{
    [Fact]
    public void The_heaviest_comes_first_and_of_equal_ones_the_first()
    {
        WeightedItems<string> items = Of(mostOvertaking: 100, ("a", 1), ("b", 5), ("c", 3), ("d", 5), ("e", -2), ("f", double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, items.NextWeight);
        Assert.Equal(["f", "b", "d", "c", "a", "e"], TakeAll(items));
    }

    [Fact]
    public void What_comes_later_is_put_in_its_place()
    {
        WeightedItems<string> items = Of(mostOvertaking: 100, ("a", 1), ("b", 5));
        Assert.Equal("b", items.Take());
        items.Add("c", 3);
        Assert.Equal(3, items.NextWeight);
        Assert.Equal(["c", "a"], TakeAll(items));
    }

    [Fact]
    public void All_can_be_had_in_the_order_in_which_they_came()
    {
        WeightedItems<string> items = Of(mostOvertaking: 100, ("a", 1), ("b", 5), ("c", 3), ("d", 4));
        items.Take();
        Assert.Equal(["a", "c", "d"], items.TakeAll());
        Assert.Equal(0, items.Count);
    }

    // Without an end of heavier ones: it waits for so many, and then for no other.
    [Fact]
    public void A_light_item_of_an_endless_input_has_its_turn()
    {
        WeightedItems<int> items = new(mostOvertaking: 50);
        items.Add(0, 0);
        List<int> taken = [];
        for (int i = 1; taken.LastOrDefault(-1) != 0; i++)
        {
            items.Add(i, 1 + i);
            taken.Add(items.Take());
        }

        Assert.Equal([.. Enumerable.Range(1, 50), 0], taken);
    }

    // It is no measure of the others that are taken with it.
    [Fact]
    public void What_is_next_for_its_age_has_the_greatest_weight()
    {
        WeightedItems<int> items = Of(mostOvertaking: 1, (0, 1), (1, 2), (2, 3));
        Assert.Equal(3, items.NextWeight);
        items.Take();
        Assert.Equal(double.PositiveInfinity, items.NextWeight);
        Assert.Equal(0, items.Take());
    }

    [Fact]
    public void Whatever_comes_and_goes_none_is_lost_and_none_is_later_than_it_may_be() =>
        Gen.Select(Gen.Int[1, 30], Gen.Select(Gen.Int[0, 2], Gen.Double[0, 10]).Array[0, 400]).Sample((most, steps) =>
        {
            WeightedItems<int> items = new(most);
            Dictionary<int, double> inside = [];
            int added = 0;
            int taken = 0;
            foreach ((int step, double weight) in steps)
            {
                if (step > 0)
                {
                    inside.Add(added, weight);
                    items.Add(added++, weight);
                }
                else if (inside.Count > 0)
                {
                    int expected = taken - inside.Keys.Min() >= most ? inside.Keys.Min() : inside.OrderByDescending(item => item.Value).ThenBy(item => item.Key).First().Key;
                    int item = items.Take();
                    Assert.Equal(expected, item);
                    Assert.True(taken <= item + most, "It is late.");
                    Assert.True(inside.Remove(item));
                    taken++;
                }

                Assert.Equal(inside.Count, items.Count);
            }

            Assert.Equal(inside.Keys.Order(), items.TakeAll());
        });

    private static WeightedItems<T> Of<T>(int mostOvertaking, params (T Item, double Weight)[] all)
    {
        WeightedItems<T> items = new(mostOvertaking);
        foreach ((T item, double weight) in all)
        {
            items.Add(item, weight);
        }

        return items;
    }

    private static IEnumerable<T> TakeAll<T>(WeightedItems<T> items)
    {
        while (items.Count > 0)
        {
            yield return items.Take();
        }
    }
}
