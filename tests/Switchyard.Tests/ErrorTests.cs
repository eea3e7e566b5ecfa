using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

public sealed class ErrorTests : CmdletTest
{
    [Fact]
    public void A_throw_is_one_record_with_its_own_id_and_position_and_the_item_as_target()
    {
        HostedResult result = Run("1..5 | Invoke-ThreadedBatch {\n  if ($_ -eq 3) { throw 'bad' }\n  $_ }");

        ErrorRecord error = Assert.Single(result.Errors);
        Assert.Equal("bad", error.FullyQualifiedErrorId);
        Assert.Equal(3, error.TargetObject);
        Assert.Equal(2, error.InvocationInfo.ScriptLineNumber);
        Assert.Equal(["1", "2", "4", "5"], result.Sorted);
    }

    [Theory]
    [InlineData("break")]
    [InlineData("continue")]
    [InlineData("return")]
    [InlineData("exit")]
    [InlineData("exit 5")]
    [InlineData("throw 'x'")]
    [InlineData("throw [System.Management.Automation.PipelineStoppedException]::new()")]
    [InlineData("[void][int]::Parse('x'); return")]
    [InlineData("Write-Error x -ErrorAction Stop")]
    [InlineData("$null.Nothing()")]
    public void What_ends_an_item_ends_no_other(string statement)
    {
        HostedResult result = Run($$"""1..40 | Invoke-ThreadedBatch { if ($_ % 4 -eq 0) { {{statement}} }; $_ } -ThrottleLimit 2""");

        Assert.Null(result.Terminating);
        Assert.Equal(Enumerable.Range(1, 40).Where(i => i % 4 != 0), result.Values.Cast<int>().Where(i => i % 4 != 0).Order());
    }

    [Fact]
    public void A_statement_that_fails_lets_the_body_go_on()
    {
        HostedResult result = Run("1 | Invoke-ThreadedBatch { 1/0; $_ }");

        Assert.Equal([1], result.Values);
        Assert.Equal(1, Assert.Single(result.Errors).TargetObject);
    }

    [Fact]
    public void Each_item_starts_without_the_errors_of_the_last()
    {
        HostedResult result = Run("1..3 | Invoke-ThreadedBatch { \"$?/$($Error.Count)\"; Write-Error x } -ThrottleLimit 1 -ErrorAction SilentlyContinue");

        Assert.Equal(["True/0", "True/0", "True/0"], result.Values);
    }

    [Theory]
    [InlineData("1 | Invoke-ThreadedBatch { $using:nothing }", "Switchyard.UsingVariableUndefined")]
    [InlineData("1 | Invoke-ThreadedBatch { $using:nothing.Length }", "Switchyard.UsingVariableUndefined")]
    [InlineData("$sb = { 1 }; 1 | Invoke-ThreadedBatch { & $using:sb }", "Switchyard.ScriptBlockNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ sb = { 1 } }", "Switchyard.ScriptBlockNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ '' = 1 }", "Switchyard.VariableNameNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ '$x' = 1 }", "Switchyard.VariableNameNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch -FilePath dotnet -ArgumentList { $using:x }", "Switchyard.ArgumentWithUsing")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ '$' = 1 }", "Switchyard.VariableNameNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch -FilePath dotnet -ArgumentList { & { $using:x } }", "Switchyard.ArgumentWithUsing")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ 5 = 1 }", "Switchyard.VariableNameNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -Variable @{ PSItem = 1 }", "Switchyard.VariableNameNotAllowed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -FunctionName No-Such", "Switchyard.FunctionNotFound")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ModuleName NoSuchModule", "Switchyard.ModuleNotFound")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ModuleName ./no/such.psm1", "Switchyard.ModuleNotFound")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ModuleName nodrive:thing", "Switchyard.ModuleNotFound")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ModuleName function:prompt", "Switchyard.ModulePathNotFileSystem")]
    [InlineData("1..50 | Invoke-ThreadedBatch { 1 } -InitializationScript { throw 'init' }", "Switchyard.InitializationFailed")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ThrottleLimit 0", "ParameterArgumentValidationError")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -ThrottleLimit -1", "ParameterArgumentValidationError")]
    [InlineData("1 | Invoke-ThreadedBatch { 1 } -TimeoutSeconds -1", "ParameterArgumentValidationError")]
    [InlineData("1 | Invoke-ThreadedBatch", "MissingMandatoryParameter")]
    [InlineData("1 | Invoke-ThreadedBatch $null", "ParameterArgumentValidationError")]
    public void Bad_input_is_one_error_that_stops(string script, string id)
    {
        HostedResult result = Run(script);

        Assert.NotNull(result.Terminating);
        Assert.StartsWith(id, result.Terminating.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_script_block_as_an_item_costs_that_item_only()
    {
        HostedResult result = Run("1, { 2 }, 3 | Invoke-ThreadedBatch { $_ }");

        Assert.StartsWith("Switchyard.ScriptBlockNotAllowed", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<PSArgumentException>(result.Errors[0].Exception);
        Assert.Equal(["1", "3"], result.Sorted);
    }

    [Theory]
    [InlineData("Invoke-ThreadedBatch { $_ }")]
    [InlineData("Invoke-ThreadedBatch -FilePath dotnet -ArgumentList '--version', { throw 'not this one' }")]
    public void An_item_that_cannot_be_run_has_its_result_and_its_place(string command)
    {
        HostedResult result = Run($"1, {{2}}, 3 | {command} -AsResult -KeepOrder | ForEach-Object {{ \"$($_.Index) $($_.Status) $($_.InputObject) $($_.Errors[0].FullyQualifiedErrorId)\" }}");

        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Values.Count);
        Assert.StartsWith("1 Failed 2 Switchyard.ScriptBlockNotAllowed", $"{result.Values[1]}", StringComparison.Ordinal);
        HostedResult retried = Run($"{{1}} | {command} -AsResult -RetryCount 2 -RetryDelaySeconds 60 | ForEach-Object Attempts");
        Assert.Equal([1], retried.Values);
        HostedResult few = Run($"{{1}}, {{2}}, {{3}} | {command} -MaxFailures 1 -ThrottleLimit 1 -ErrorAction SilentlyContinue -ErrorVariable failures; $failures.FullyQualifiedErrorId");
        Assert.Contains(few.Values, id => $"{id}".StartsWith("Switchyard.TooManyFailures", StringComparison.Ordinal));
    }

    [Fact]
    public void A_module_that_cannot_be_imported_is_one_error_that_names_it()
    {
        string module = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".psm1");
        File.WriteAllText(module, "throw 'broken'");
        try
        {
            HostedResult result = Run("1..50 | Invoke-ThreadedBatch { $_ } -ModuleName $module", ("module", module));

            Assert.StartsWith("Switchyard.ModuleImportFailed", result.Terminating?.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains(module, result.Terminating!.ToString(), StringComparison.Ordinal);
            Assert.Empty(result.Errors);
        }
        finally
        {
            File.Delete(module);
        }
    }

    [Fact]
    public void What_was_finished_is_written_before_the_upstream_throws()
    {
        HostedResult result = Run(
            """
            & { 1; $gate.Wait(30000); 2; throw 'upstream' } | Invoke-ThreadedBatch { if ($_ -eq 1) { 'one'; ($using:gate).Set() } }
            """,
            ("gate", new ManualResetEventSlim()));

        Assert.Equal("upstream", result.Terminating?.ToString());
        Assert.Contains("one", result.Values);
    }
}
