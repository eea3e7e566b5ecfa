using System.Management.Automation;
using Switchyard.Tests.Harness;
using Switchyard.Core.Analysis;
using Xunit;

namespace Switchyard.Tests;

/// <summary>What Measure-Bottleneck says of work whose kind is known.</summary>
public sealed class MeasureBottleneckTests : CmdletTest
{
    [Fact]
    public void What_waits_is_for_threads()
    {
        BottleneckReport report = Measure("1..200 | Measure-Bottleneck { [Threading.Thread]::Sleep(10) } -SampleCount 40");
        Assert.Equal((Bottleneck.Wait, Recommendation.Threads), (report.Bottleneck, report.Recommendation));
        Assert.True(report.WaitPercent > 50, $"{report.WaitPercent} % of waiting");
        Assert.InRange(report.SampledCount, 10, 40);
        Assert.Equal("1..200 | Invoke-ThreadedBatch { [Threading.Thread]::Sleep(10) } -ThrottleLimit " + report.ThrottleLimit, report.Command);
    }

    [Fact]
    public void What_is_hardly_anything_is_for_nobody()
    {
        BottleneckReport report = Measure("1..5000 | Measure-Bottleneck { $_ }");
        Assert.Equal((Bottleneck.TooSmall, Recommendation.Sequential, "ForEach-Object"), (report.Bottleneck, report.Recommendation, report.CommandName));
        Assert.Equal(100, report.Split.Sum(share => share.Percent), 0);
        Assert.Equal(50, report.Split.Sum(share => share.Bar.Length));
    }

    [Fact]
    public void Output_of_sampled_items_is_passed_on_before_the_report()
    {
        HostedResult result = Run("1..100 | Measure-Bottleneck { [Threading.Thread]::Sleep(1); \"out $_\" } -SampleCount 5 -PassThru");
        Assert.Equal(["out 1", "out 2", "out 3", "out 4", "out 5"], result.Values.Take(5));
        Assert.Equal(5, Assert.IsType<BottleneckReport>(result.Values[^1]).SampledCount);
        Assert.Equal(6, result.Values.Count);
    }

    [Theory]
    [InlineData("@() | Measure-Bottleneck { 1 }", "Switchyard.NoItemsToMeasure", ErrorCategory.InvalidData)]
    [InlineData("1 | Measure-Bottleneck { [Threading.Thread]::Sleep(-1) } -MaxDurationSeconds 0.2", "Switchyard.NoItemFinished", ErrorCategory.OperationTimeout)]
    [InlineData("Measure-Bottleneck -Id 2147483647", "Switchyard.ProcessNotFound", ErrorCategory.ObjectNotFound)]
    public void What_cannot_be_measured_is_one_error(string script, string id, ErrorCategory category)
    {
        HostedResult result = Run(script);
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Empty(result.Values);
    }

    [Fact]
    public void A_failed_item_is_told_of_and_left_out()
    {
        HostedResult result = Run("1..100 | Measure-Bottleneck { if ($_ -eq 2) { throw 'bad' }; [Threading.Thread]::Sleep(2) } -SampleCount 8");
        Assert.Equal("bad", Assert.Single(result.Errors).Exception.Message);
        Assert.Equal(1, Assert.IsType<BottleneckReport>(Assert.Single(result.Values)).FailedCount);
    }

    [Fact]
    public void What_sampled_items_say_is_heard()
    {
        HostedResult result = Run("1..20 | Measure-Bottleneck { Write-Warning \"w $_\"; Write-Verbose \"v $_\"; [Threading.Thread]::Sleep(1) } -SampleCount 3 -Verbose");
        Assert.Equal(["w 1", "w 2", "w 3"], result.Streams.Warning.Select(record => record.Message));
        Assert.Equal(3, result.Streams.Verbose.Count(record => record.Message.StartsWith("v ", StringComparison.Ordinal)));
    }

    private BottleneckReport Measure(string script)
    {
        HostedResult result = Run(script);
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
        return Assert.IsType<BottleneckReport>(Assert.Single(result.Values));
    }
}
