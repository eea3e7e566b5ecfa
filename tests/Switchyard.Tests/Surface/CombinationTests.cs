using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>A parameter that would have no effect beside the others is refused before anything runs.</summary>
public sealed class CombinationTests : CmdletTest
{
    [Theory]
    [InlineData("Invoke-ProcessBatch { $_ } -FreshProcess -MaxItemsPerWorker 2", "ParametersExcludeEachOther")]
    [InlineData("Invoke-ProcessBatch { $_ } -FreshProcess -MaxWorkerMemoryMB 200", "ParametersExcludeEachOther")]
    [InlineData("Invoke-ProcessBatch { $_ } -FreshProcess -IdleTimeoutSeconds 2", "ParametersExcludeEachOther")]
    [InlineData("Invoke-ProcessBatch { $_ } -NoReuse -IdleTimeoutSeconds 2", "ParametersExcludeEachOther")]
    [InlineData("Invoke-ProcessBatch -FilePath dotnet -CrashRetryCount 2", "ParameterNeedsAnother")]
    [InlineData("Invoke-ProcessBatch { $_ } -Name job", "ParameterNeedsAnother")]
    [InlineData("Invoke-ThreadedBatch { $_ } -Resume", "ParameterNeedsAnother")]
    [InlineData("Invoke-ThreadedBatch { $_ } -JournalSync", "ParameterNeedsAnother")]
    [InlineData("Invoke-ThreadedBatch { $_ } -RetryDelaySeconds 2", "ParameterNeedsAnother")]
    public void It_is_refused_by_its_id(string command, string id)
    {
        HostedResult result = Run("1 | " + command);

        Assert.StartsWith("Switchyard." + id, result.Terminating?.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("Invoke-ThreadedBatch { $_ } -FilePath dotnet")]
    [InlineData("Invoke-ThreadedBatch -FilePath dotnet -FreshRunspace")]
    [InlineData("Invoke-ThreadedBatch { $_ } -OutputDirectory out")]
    [InlineData("Invoke-ProcessBatch -FilePath dotnet -NoReuse")]
    [InlineData("Measure-Bottleneck { $_ } -Id 1")]
    public void What_is_of_another_set_is_refused_at_binding(string command)
    {
        HostedResult result = Run("1 | " + command);

        Assert.IsAssignableFrom<ParameterBindingException>(result.Terminating?.Exception);
    }
}
