using CsCheck;
using Switchyard.Core.Harness;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes;

public sealed class WindowsCommandLineTests
{
    private const string Program = @"C:\my tools\run.exe";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("d\\", "d\\")]
    [InlineData("a d\\", "\"a d\\\\\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
    [InlineData("a\\b", "a\\b")]
    public void An_argument_is_quoted_where_it_needs_to_be(string argument, string expected) =>
        Assert.Equal($"\"{Program}\" {expected}", WindowsCommandLine.Build(Program, [argument]));

    [Fact]
    public void Whatever_the_arguments_hold_they_arrive_as_they_are() => Gen.Char[" \t\n\"\\a%^"].Array[0, 8].Select(characters => new string(characters)).Array[0, 5].Sample(
        arguments => Assert.Equal([Program, .. arguments], CommandLineReader.Read(WindowsCommandLine.Build(Program, arguments))));

    // What PowerShell 7.6 makes of the same arguments.
    [Theory]
    [InlineData("echo \"a b\"", "\"echo \"a b\"\"")]
    [InlineData("\"a b\"", "\"a b\"")]
    [InlineData("a\"b c\"d", "a\"b c\"d")]
    [InlineData("\\\"a b", "\"\\\"a b\"")]
    [InlineData("x", "x")]
    [InlineData("C:\\a b\\", "\"C:\\a b\\\\\"")]
    [InlineData("", "")]
    public void Those_that_read_their_line_by_rules_of_their_own_are_given_it_as_it_is_written(string argument, string expected)
    {
        foreach (string program in new[] { @"C:\Windows\System32\cmd.exe", "CMD", "cscript.exe", "WScript.exe", "find.exe", "sqlcmd" })
        {
            Assert.Equal($"\"{program}\" {expected}", WindowsCommandLine.Build(program, [argument]));
        }
    }

    [Fact]
    public void A_line_that_is_too_long_or_holds_a_nul_is_a_failure_of_its_own()
    {
        int room = 32_767 - WindowsCommandLine.Build(Program, ["x"]).Length + 1;
        Assert.Equal(32_767, WindowsCommandLine.Build(Program, [new string('x', room)]).Length);
        Assert.True(Assert.Throws<ChildStartException>(() => WindowsCommandLine.Build(Program, [new string('x', room + 1)])).IsOfThisChild);
        Assert.True(Assert.Throws<ChildStartException>(() => WindowsCommandLine.Build(Program, ["a\0b"])).IsOfThisChild);
    }
}
