namespace Switchyard.Core.Probes;

public sealed class HelperThreadsTests
{
    [Theory]
    [InlineData(".NET Tiered Com")]
    [InlineData(".NET Tiered JIT")]
    [InlineData(".NET BGC")]
    [InlineData("Switchyard tria")]
    public void The_runtimes_own_threads_are_no_helpers(string name) => Assert.True(HelperThreads.IsOfRuntime(name));

    [Theory]
    [InlineData(".NET TP Worker")]
    [InlineData(".NET Long Runni")]
    [InlineData("python")]
    public void Threads_that_a_body_uses_do(string name) => Assert.False(HelperThreads.IsOfRuntime(name));
}
