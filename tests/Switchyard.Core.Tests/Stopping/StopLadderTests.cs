namespace Switchyard.Core.Stopping;

public sealed class StopLadderTests
{
    private readonly List<string> _taken = [];

    [Fact]
    public void Steps_come_in_order_each_with_its_grace_period()
    {
        StopLadder ladder = new(
            TimeSpan.FromSeconds(2), () => _taken.Add("ask"), () => _taken.Add("interrupt"), () => _taken.Add("abandon"));
        List<(StopStep?, TimeSpan)> steps = [];
        for (int i = 0; i < 4; i++)
        {
            steps.Add((ladder.Next, ladder.NextGracePeriod));
            ladder.TakeStep();
        }

        Assert.Equal(["ask", "interrupt", "abandon"], _taken);
        Assert.Equal(
            [
                (StopStep.Ask, TimeSpan.FromSeconds(2) + StopLadder.AskGracePeriod),
                (StopStep.Interrupt, StopLadder.InterruptGracePeriod),
                (StopStep.Abandon, TimeSpan.Zero),
                (null, TimeSpan.Zero),
            ],
            steps);
    }

    [Fact]
    public void A_step_that_blocks_does_not_hold_up_the_next()
    {
        StopLadder? ladder = null;
        ladder = new(TimeSpan.Zero, () => ladder!.TakeStep(), () => _taken.Add("interrupt"), abandon: null);

        ladder.TakeStep();

        Assert.Equal(["interrupt"], _taken);
        Assert.Equal(StopStep.Abandon, ladder.Next);
    }
}
