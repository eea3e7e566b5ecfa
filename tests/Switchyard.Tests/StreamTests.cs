using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

public sealed class StreamTests : CmdletTest
{
    [Fact]
    public void Each_stream_arrives_in_its_own()
    {
        HostedResult result = Run(
            """
            $ProgressPreference = 'Continue'
            1 | Invoke-ThreadedBatch {
                $_; Write-Error e; Write-Warning w; Write-Verbose v -Verbose; Write-Information i
                Write-Progress -Activity p -Status s
            } -Verbose
            1 | Invoke-ThreadedBatch { Write-Debug d -Debug } -Debug
            """);

        Assert.Equal([1], result.Values);
        Assert.Equal("e", Assert.Single(result.Errors).ToString());
        Assert.Equal("w", Assert.Single(result.Streams.Warning).Message);
        Assert.Contains("v", result.Streams.Verbose.Select(record => record.Message));
        Assert.Contains("d", result.Streams.Debug.Select(record => record.Message));
        Assert.Equal("i", Assert.Single(result.Streams.Information).MessageData);
        Assert.Equal("p", Assert.Single(result.Streams.Progress).Activity);
    }

    [Fact]
    public void Output_leaves_an_item_that_goes_on()
    {
        // The item waits for what only its own output can bring about: held back until its end, that would never come.
        using ManualResetEventSlim seen = new();
        HostedResult result = Run(
            "1 | Invoke-ThreadedBatch { 'first'; if (($using:seen).Wait(30000)) { 'second' } } | ForEach-Object { $seen.Set(); $_ }",
            ("seen", seen));

        Assert.Equal(["first", "second"], result.Values);
    }

    [Theory]
    [InlineData("$VerbosePreference = 'Continue'", 1)]
    [InlineData("$VerbosePreference = 'SilentlyContinue'", 0)]
    public void The_callers_preference_decides_what_a_body_says(string preference, int expected)
    {
        HostedResult result = Run(preference + "; 1 | Invoke-ThreadedBatch { Write-Verbose v }");

        Assert.Equal(expected, result.Streams.Verbose.Count);
    }

    [Fact]
    public void Silenced_errors_are_still_in_the_error_variable()
    {
        HostedResult result = Run(
            "1..3 | Invoke-ThreadedBatch { Write-Error \"e$_\" } -ErrorAction SilentlyContinue -ErrorVariable kept; $kept.Count");

        Assert.Empty(result.Errors);
        Assert.Equal([3], result.Values);
    }

    [Fact]
    public void Write_Host_is_said_once()
    {
        HostedResult result = Run("1..3 | Invoke-ThreadedBatch { Write-Host \"h$_\" }");

        Assert.Equal(["h1", "h2", "h3"], result.Streams.Information.Select(record => record.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Arrays_and_null_keep_their_identity()
    {
        HostedResult result = Run("(1,2), $null, 3 | Invoke-ThreadedBatch { if ($null -eq $_) { 'null' } else { @($_).Count } }");

        Assert.Equal(["1", "2", "null"], result.Sorted);
    }

    [Fact]
    public void Output_keeps_arrays_whole_and_null_null()
    {
        HostedResult result = Run("1 | Invoke-ThreadedBatch { ,(1,2); $null; 3 }");

        Assert.Equal(3, result.Output.Count);
        Assert.IsType<object[]>(result.Values[0]);
        Assert.Null(result.Output[1]);
        Assert.Equal(3, result.Values[2]);
    }

    [Fact]
    public void A_stop_preference_of_the_caller_ends_the_batch()
    {
        HostedResult result = Run("1..50 | Invoke-ThreadedBatch { Write-Error \"e$_\" } -ErrorAction Stop");

        Assert.StartsWith("e", result.Terminating?.ToString(), StringComparison.Ordinal);
    }
}
