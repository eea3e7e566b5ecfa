using Xunit;

namespace Switchyard.Tests.Host;

public sealed class ArgumentTests
{
    private const string Echo = """
        param([int] $Number, [switch] $Flag, [string] $Text, [Parameter(ValueFromRemainingArguments)] $Rest)
        "Number=$Number Flag=$Flag Text=<$Text> Rest=<$($Rest -join '|')>"
        """;

    [Theory]
    [InlineData("Number=3 Flag=True Text=<x y> Rest=<>", "-Number", "3", "-Flag", "-Text", "x y")]
    [InlineData("Number=3 Flag=False Text=<> Rest=<>", "-Number:3", "-Flag:$false")]
    [InlineData("Number=1 Flag=False Text=<it's \"q\"> Rest=<more>", "1", "it's \"q\"", "more")]
    [InlineData("Number=0 Flag=False Text=<> Rest=<>", "-Text", "")]
    [InlineData("Number=7 Flag=False Text=<$(boom); `n> Rest=<>", "-Text", "$(boom); `n", "-Number", "7")]
    public async Task A_files_arguments_reach_its_parameters_as_they_are(string expected, params string[] arguments)
    {
        using var file = new ScriptFile(Echo, "with a blank.ps1");

        HostResult result = await HostProcess.RunAsync(["-NoProfile", "-NonInteractive", "-File", file.Path, .. arguments]);

        Assert.Equal(expected, Assert.Single(result.Lines));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_first_argument_may_be_the_file()
    {
        using var file = new ScriptFile("\"args: $args\"");

        HostResult result = await HostProcess.RunAsync([file.Path, "a", "b"]);

        Assert.Equal("args: a b\n", result.Output);
    }

    [Fact]
    public async Task A_script_knows_where_it_is()
    {
        using var file = new ScriptFile("$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Name");

        HostResult result = await HostProcess.RunAsync(["-File", file.Path]);

        Assert.Equal([file.Folder, file.Path, "script.ps1"], result.Lines);
    }

    [Fact]
    public async Task The_rest_of_the_command_line_is_the_command()
    {
        HostResult result = await HostProcess.RunAsync(["-c", "'a'", ";", "'b'"]);

        Assert.Equal(["a", "b"], result.Lines);
    }

    [Fact]
    public async Task A_dash_reads_the_command_from_standard_input()
    {
        HostResult result = await HostProcess.RunAsync(["-Command", "-"], "'from'\n'input'; exit 6\n");

        Assert.Equal(["from", "input"], result.Lines);
        Assert.Equal(6, result.ExitCode);
    }

    [Fact]
    public async Task Standard_input_is_the_scripts_input()
    {
        HostResult result = await HostProcess.CommandAsync("$input | ForEach-Object { \"<$_>\" }", "one\ntwo\n");

        Assert.Equal(["<one>", "<two>"], result.Lines);
    }

    [Fact]
    public async Task The_working_directory_is_where_the_session_starts()
    {
        using var file = new ScriptFile(string.Empty);

        HostResult result = await HostProcess.RunAsync(["-WorkingDirectory", file.Folder, "-Command", "(Get-Location).Path"]);

        Assert.Equal(file.Folder, Assert.Single(result.Lines));
    }
}
