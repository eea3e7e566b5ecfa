namespace Switchyard.Core.Harness;

public sealed class ItemContextTests
{
    [Fact]
    public void An_item_that_clings_to_a_gate_is_not_moved_by_an_interrupt_that_came_before()
    {
        using Gate gate = new();
        gate.Open();
        Exception? ended = null;
        Thread item = new(() =>
        {
            Thread.CurrentThread.Interrupt();
            ended = Record.Exception(() => ItemContext.ClingTo(gate));
        });
        item.Start();
        Assert.True(item.Join(Bounded.Limit));
        Assert.Null(ended);
    }
}
