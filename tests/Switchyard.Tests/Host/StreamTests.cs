using Xunit;

namespace Switchyard.Tests.Host;

public sealed class StreamTests
{
    [Fact]
    public async Task Objects_are_formatted_as_PowerShell_formats_them()
    {
        HostResult result = await HostProcess.CommandAsync("[pscustomobject]@{ Name = 'a'; Size = 12 }, [pscustomobject]@{ Name = 'b'; Size = 3 }");

        Assert.Equal("\nName Size\n---- ----\na      12\nb       3\n\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Only_output_and_Write_Host_go_to_standard_output()
    {
        HostResult result = await HostProcess.CommandAsync(
            "'out'; Write-Host 'host'; Write-Warning 'warn'; Write-Verbose 'verb' -Verbose; Write-Debug 'debug' -Debug; Write-Progress 'act'; Write-Error 'err'");

        Assert.Equal(["out", "host"], result.Lines);
        Assert.Equal(
            ["WARNING: warn", "VERBOSE: verb", "DEBUG: debug", "Write-Error: err"],
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_error_in_a_file_names_its_line()
    {
        using var file = new ScriptFile("'before'\nGet-Item no-such-item\n'after'");

        HostResult result = await HostProcess.RunAsync(["-File", file.Path]);

        Assert.Equal(["before", "after"], result.Lines);
        Assert.StartsWith($"Get-Item: {file.Path}:2\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("because it does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_does_not_parse_is_an_error_in_PowerShells_form()
    {
        HostResult result = await HostProcess.CommandAsync("if (");

        Assert.StartsWith("ParserError: Missing condition in if statement", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Redirected_streams_have_no_escape_sequences()
    {
        HostResult result = await HostProcess.CommandAsync("[pscustomobject]@{ a = 1 }; Write-Host red -ForegroundColor Red; Write-Warning w; Get-Item no-such-item");

        Assert.DoesNotContain('\e', result.Output);
        Assert.DoesNotContain('\e', result.Error);
    }

    [Fact]
    public async Task Text_is_UTF8_without_a_byte_order_mark()
    {
        HostResult result = await HostProcess.CommandAsync("'é 日本 🚂'");

        Assert.Equal("é 日本 🚂\n", result.Output);
    }

    [Fact]
    public async Task Output_comes_while_the_script_runs()
    {
        using HostProcess host = HostProcess.Start(["-Command", "'first'; $null = [Console]::In.ReadLine(); 'second'"]);

        string? first = await host.Output.ReadLineAsync(TestContext.Current.CancellationToken);
        HostResult rest = await host.FinishAsync();

        Assert.Equal("first", first);
        Assert.Equal("second\n", rest.Output);
    }

    [Fact]
    public async Task A_native_commands_output_passes_through_in_order()
    {
        HostResult result = await HostProcess.CommandAsync("'before'; dotnet --version; \"code $LASTEXITCODE\"");

        Assert.Equal(3, result.Lines.Length);
        Assert.Equal("before", result.Lines[0]);
        Assert.Equal("code 0", result.Lines[2]);
    }

    [Fact]
    public async Task What_would_happen_is_said_and_does_not_happen()
    {
        using var file = new ScriptFile(string.Empty);

        HostResult result = await HostProcess.CommandAsync($"Remove-Item '{file.Path}' -WhatIf; Test-Path '{file.Path}'");

        Assert.Equal([$"What if: Performing the operation \"Remove File\" on target \"{file.Path}\".", "True"], result.Lines);
    }

    [Fact]
    public async Task A_question_is_answered_from_standard_input()
    {
        HostResult result = await HostProcess.CommandAsync("\"<$(Read-Host 'Name')>\"", "Ada\n");

        Assert.Equal("Name: <Ada>\n", result.Output);
    }

    [Fact]
    public async Task Without_interaction_a_question_is_an_error()
    {
        HostResult result = await HostProcess.RunAsync(["-NonInteractive", "-Command", "Read-Host"], "ignored\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("NonInteractive", result.Error, StringComparison.Ordinal);
    }
}
