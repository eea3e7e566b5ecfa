using Xunit;

namespace Switchyard.Tests.Host;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("exit", 0)]
    [InlineData("1", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("1/0", 1)]
    [InlineData("1/0; 1", 0)]
    [InlineData("Get-Item no-such-item", 1)]
    [InlineData("Write-Error boo", 1)]
    [InlineData("no-such-command", 1)]
    [InlineData("if (", 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Item no-such-item; exit 7", 1)]
    [InlineData("$host.SetShouldExit(5)", 5)]
    [InlineData("dotnet no-such-verb > $null 2>&1; exit $LASTEXITCODE", 1)]
    public async Task A_command_ends_with_the_exit_code_that_pwsh_gives(string script, int expected)
    {
        HostResult result = await HostProcess.CommandAsync(script);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("exit 4", 4)]
    [InlineData("'fine'", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Get-Item no-such-item; 5", 0)]
    [InlineData("Get-Item no-such-item", 0)]
    [InlineData("dotnet no-such-verb > $null 2>&1", 0)]
    [InlineData("if (", 1)]
    [InlineData("$host.SetShouldExit(6)", 6)]
    public async Task A_file_ends_with_the_exit_code_that_pwsh_gives(string script, int expected)
    {
        using var file = new ScriptFile(script);

        HostResult result = await HostProcess.RunAsync(["-File", file.Path]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("-File", "no-such-file.ps1")]
    [InlineData("no-such-file.ps1", "argument")]
    [InlineData("-Bogus", "x")]
    [InlineData("-NoProfile", "-Command")]
    [InlineData("-NoProfile", "-File")]
    public async Task A_command_line_that_cannot_be_understood_shows_the_usage_and_ends_with_64(string first, string second)
    {
        HostResult result = await HostProcess.RunAsync([first, second]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("Usage: Switchyard.Host", result.Output, StringComparison.Ordinal);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task Without_arguments_the_usage_is_shown()
    {
        HostResult result = await HostProcess.RunAsync([]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("-Command", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Help")]
    [InlineData("-?")]
    public async Task Help_is_no_error(string argument)
    {
        HostResult result = await HostProcess.RunAsync([argument]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_version_is_the_engines()
    {
        HostResult version = await HostProcess.RunAsync(["-Version"]);
        HostResult table = await HostProcess.CommandAsync("\"$($PSVersionTable.PSVersion)\"");

        Assert.StartsWith($"PowerShell {table.Lines[0]}", version.Output, StringComparison.Ordinal);
    }
}
