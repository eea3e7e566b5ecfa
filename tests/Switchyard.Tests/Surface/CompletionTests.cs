using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>Where the values of a parameter can be known, Tab knows them.</summary>
public sealed class CompletionTests : CmdletTest
{
    [Theory]
    [InlineData("1 | Invoke-ThreadedBatch -FilePath printf -ArgumentList ", "'{}'")]
    [InlineData("1 | Invoke-ThreadedBatch -FilePath printf -ArgumentList '{/", "'{//}'")]
    [InlineData("1 | Invoke-ProcessBatch -FilePath printf -InputMode L", "Line")]
    [InlineData("1 | Measure-Bottleneck -FilePath printf -Encoding utf", "utf8")]
    [InlineData("New-SharedState Q", "Queue")]
    [InlineData("Get-BatchJournal run.jsonl -Status Cr", "Crashed")]
    public void A_value_is_offered(string line, string value) => Assert.Contains(value, Complete(line));

    [Fact]
    public void A_script_blocks_arguments_are_anything_but_placeholders() =>
        Assert.DoesNotContain("'{}'", Complete("1 | Invoke-ThreadedBatch { $_ } -ArgumentList "));

    [Fact]
    public void A_process_is_offered_by_number_and_by_name()
    {
        string id = $"{Environment.ProcessId}";
        using var own = System.Diagnostics.Process.GetCurrentProcess();

        Assert.Contains(id, Complete("Measure-Bottleneck -Id " + id[..^1]));
        Assert.Contains(id, Complete("Measure-Bottleneck -Id " + own.ProcessName));
    }

    // Anything else that takes a text or a number is free text, a path that the shell completes by itself, or listed here with its reason.
    [Fact]
    public void Each_parameter_with_known_values_has_a_completer() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => Cmdlets.ParametersOf(cmdlet.Name))
            .Where(parameter => parameter.Name is "ModuleName" or "FunctionName" or "FilePath" or "PowerShellPath" or "Encoding" or "ArgumentList" or "Id"),
        parameter => Assert.Contains(parameter.Attributes, attribute => attribute is ArgumentCompleterAttribute));

    private List<string> Complete(string line)
    {
        HostedResult result = Run("(TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object CompletionText", ("line", line));
        return [.. result.Values.Select(value => $"{value}")];
    }
}
