namespace Switchyard.Core.Analysis;

public sealed class KneeTests
{
    [Theory]
    [InlineData(4, 1, 1, 4)]
    [InlineData(4, 1, 10, 40)]
    [InlineData(1.5, 2, 4, 3)]
    [InlineData(8, 4, 1, 2)]
    [InlineData(2, 0, 5, double.PositiveInfinity)]
    public void Cores_are_busy_from_so_many_on(double capacity, double cpu, double time, double workers) =>
        Assert.Equal(workers, Knee.Workers(capacity, cpu, time), 9);

    [Fact]
    public void A_rate_keeps_so_many_busy() => Assert.Equal(20, Knee.WorkersForRate(400, 0.05), 9);

    [Theory]
    [InlineData(1, 10, 20, 20)]
    [InlineData(0, 10, 20, 1)]
    [InlineData(1, 10, 10, null)]
    [InlineData(1, 10, 5, null)]
    public void A_start_pays_from_so_many_items_on(double startUp, double slow, double fast, int? items) =>
        Assert.Equal(items, Knee.BreakEven(startUp, slow, fast));
}
