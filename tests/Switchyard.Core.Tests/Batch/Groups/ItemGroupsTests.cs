using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Groups;

public sealed class ItemGroupsTests
{
    [Theory]
    [InlineData(1, "0;1;2", "")]
    [InlineData(2, "0,1", "2")]
    [InlineData(3, "0,1,2", "")]
    [InlineData(4, "", "0,1,2")]
    public void A_group_is_complete_at_its_size_and_the_rest_goes_at_the_end(int size, string complete, string rest)
    {
        ItemGroups groups = new(Options(size), Run());
        Add(groups, 3);
        Assert.Equal(complete, string.Join(';', Inputs(groups)));
        groups.CloseRest();
        Assert.Equal(rest, string.Join(';', Inputs(groups)));
        groups.CloseRest();
        Assert.False(groups.IsReady);
    }

    [Fact]
    public void A_group_has_the_index_of_its_first_item_and_the_weight_of_all()
    {
        ItemGroups groups = new(Options(2), Run());
        Add(groups, 2, first: 7);
        BoundedQueue<BatchItem> queue = new(1, new WakeSignal());
        Assert.True(groups.TryEnqueue(queue));
        Assert.Equal(15, queue.ReadWeights().Added);
        BatchItem group = Assert.Single(queue.DrainRemaining());
        Assert.Equal(7, group.Index);
        Assert.Equal([7L, 8L], group.Account!.Members.Select(member => member.Index));
        Assert.Equal([7, 8], Assert.IsType<object?[]>(group.Input).Cast<int>());
    }

    [Fact]
    public void No_group_is_longer_than_allowed_but_one_of_an_item_that_is()
    {
        ItemGroups groups = new(Options(100) with { Length = item => (int)item!, MaxLength = 6 }, Run());
        foreach (int length in new[] { 3, 3, 1, 6, 9, 2, 4 })
        {
            groups.Add(Item(length), double.NaN);
        }

        groups.CloseRest();
        Assert.Equal(["3,3", "1", "6", "9", "2,4"], Inputs(groups));
    }

    [Theory]
    [InlineData(10, "3,3,2,2")]
    [InlineData(3, "1,1,1")]
    [InlineData(0, "")]
    public void Where_as_many_fit_as_there_are_the_rest_is_shared_out_among_the_workers(int count, string expected)
    {
        ItemGroups groups = new(Options(int.MaxValue) with { SharesRest = true }, Run(throttle: 4));
        Add(groups, count);
        groups.CloseRest();
        Assert.Equal(expected, string.Join(',', Take(groups).Select(group => group.Account!.Members.Count)));
    }

    [Theory]
    [InlineData(false, "-1;1,2")]
    [InlineData(true, "1;-1;2")]
    public void What_is_not_to_be_run_is_in_no_group_and_nothing_waits_behind_it_for_order(bool keepOrder, string expected)
    {
        ItemGroups groups = new(Options(2) with { GoesAlone = item => item is < 0 }, Run() with { KeepOrder = keepOrder });
        foreach (int item in new[] { 1, -1, 2 })
        {
            groups.Add(Item(item), double.NaN);
        }

        groups.CloseRest();
        Assert.Equal(expected, string.Join(';', Inputs(groups)));
    }

    [Fact]
    public void What_was_never_queued_can_be_had_back()
    {
        ItemGroups groups = new(Options(2), Run());
        Add(groups, 3);
        IReadOnlyList<BatchItem> rest = groups.TakeRest();
        Assert.Equal([0L, 1L, 2L], rest.SelectMany(item => item.Account!.Members is { Count: > 0 } members ? members : [item]).Select(item => item.Index));
        Assert.Empty(groups.TakeRest());
        groups.CloseRest();
        Assert.False(groups.IsReady);
    }

    private static GroupOptions Options(int size) => new() { Size = size, Join = inputs => inputs.ToArray() };

    private static BatchOptions Run(int throttle = 1) => new() { ThrottleLimit = throttle };

    private static BatchItem Item(int input, long index = 0) => new(index, input) { Account = new ItemAccount(0) };

    private static void Add(ItemGroups groups, int count, int first = 0)
    {
        for (int i = first; i < first + count; i++)
        {
            groups.Add(Item(i, i), i);
        }
    }

    private static IEnumerable<string> Inputs(ItemGroups groups) =>
        Take(groups).Select(group => group.Input is object?[] inputs ? string.Join(',', inputs) : $"{group.Input}");

    private static List<BatchItem> Take(ItemGroups groups)
    {
        BoundedQueue<BatchItem> queue = new(1000, new WakeSignal());
        while (groups.TryEnqueue(queue))
        {
        }

        return [.. queue.DrainRemaining()];
    }
}
