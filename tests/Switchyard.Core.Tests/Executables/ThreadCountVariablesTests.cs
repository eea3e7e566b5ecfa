namespace Switchyard.Core.Executables;

public sealed class ThreadCountVariablesTests
{
    [Theory]
    [InlineData(16, 4, "4")]
    [InlineData(16, 5, "3")]
    [InlineData(4, 16, "1")]
    [InlineData(8, 1, "8")]
    public void Each_child_gets_its_share_of_the_cores(int cores, int throttle, string expected)
    {
        Dictionary<string, string?> variables = new(ThreadCountVariables.For(cores, throttle, _ => false));
        Assert.Equal(8, variables.Count);
        Assert.Contains("OMP_NUM_THREADS", variables.Keys);
        Assert.All(variables.Values, value => Assert.Equal(expected, value));
    }

    [Fact]
    public void What_is_set_already_stays() =>
        Assert.Equal(
            ThreadCountVariables.Names.Where(name => name != "MKL_NUM_THREADS"),
            ThreadCountVariables.For(4, 2, name => name == "MKL_NUM_THREADS").Select(variable => variable.Key));
}
