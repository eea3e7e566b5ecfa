using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>What of Measure-Bottleneck needs the module as it is laid out: its charts and its diagnostics are loaded from folders beside it.</summary>
public sealed class MeasuringTests
{
    [Fact]
    public async Task A_page_is_written_with_its_charts_and_needs_nothing_else()
    {
        string file = Path.Combine(Path.GetTempPath(), $"switchyard test {Guid.NewGuid():N}.html");
        try
        {
            HostResult result = await HostProcess.CommandAsync(
                $"(1..100 | Measure-Bottleneck {{ [Threading.Thread]::Sleep(2); '<&>' }} -SampleCount 40 -ReportPath '{file}').SampledCount -le 40");
            Assert.Equal(["True"], result.Lines);
            Assert.Empty(result.Error);
            string page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(4, page.Split("<svg").Length);
            Assert.Contains("&lt;&amp;&gt;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("xception", page, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_live_process_of_the_same_runtime_tells_of_its_collector()
    {
        // The host watches itself: one that is there, and a .NET process.
        HostResult result = await HostProcess.CommandAsync("""
            $report = Measure-Bottleneck -Id ([Environment]::ProcessId) -DurationSeconds 0.5
            $report.ProcessId -eq [Environment]::ProcessId
            ($report.Evidence -join ' ') -match '\.NET process'
            """);
        Assert.Equal(["True", "True"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_report_is_shown_with_its_bar()
    {
        HostResult result = await HostProcess.CommandAsync("1..200 | Measure-Bottleneck { [Threading.Thread]::Sleep(2) } -SampleCount 30");
        Assert.Contains("Recommendation", result.Output, StringComparison.Ordinal);
        Assert.Contains("░░░░", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }
}
