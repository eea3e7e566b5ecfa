using System.Text;
using CsCheck;
using Switchyard.Core.Harness;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes;

public sealed class BatchFileCommandLineTests
{
    private const string Script = @"C:\my tools\run & go.cmd";

    [Theory]
    [InlineData("plain-1.x", "plain-1.x")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a&calc", "\"a&calc\"")]
    [InlineData("a\"&calc", "\"a\"\"&calc\"")]
    [InlineData("a\\\"b", "\"a\\\\\"\"b\"")]
    [InlineData("d\\", "\"d\\\\\"")]
    [InlineData("100%", "\"100%%cd:~,%\"")]
    [InlineData("x=1,2;3", "\"x=1,2;3\"")]
    [InlineData("日本", "日本")]
    public void An_argument_is_quoted_where_it_needs_to_be(string argument, string expected) =>
        Assert.Equal($"/e:ON /v:OFF /d /c \"\"{Script}\" {expected}\"", BatchFileCommandLine.Build(Script, [argument]));

    [Fact]
    public void Whatever_the_arguments_hold_they_arrive_as_they_are() => Texts.Line.Array[0, 5].Sample(arguments =>
    {
        string line = BatchFileCommandLine.Build(Script, arguments);
        const string Start = "/e:ON /v:OFF /d /c \"";
        Assert.StartsWith(Start, line, StringComparison.Ordinal);
        string read = ExpandVariables(line[Start.Length..^1]);
        AssertNothingIsInterpreted(read);
        // What a program makes of it that the file calls with %*.
        Assert.Equal([Script, .. arguments], CommandLineReader.Read(read));
    });

    [Theory]
    [InlineData("a\0b", "NUL")]
    [InlineData("a\nb", "newline")]
    [InlineData("a\rb", "carriage return")]
    public void What_cannot_be_passed_is_named(string argument, string name)
    {
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => BatchFileCommandLine.Build(Script, ["x", argument])).Message, StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => BatchFileCommandLine.Build(argument, [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C:\\a\"b.cmd")]
    [InlineData("C:\\a.cmd\\")]
    [InlineData("C:\\%PATH%\\a.cmd")]
    public void A_path_that_would_be_read_otherwise_is_refused(string script) =>
        Assert.Throws<ArgumentException>(() => BatchFileCommandLine.Build(script, []));

    [Fact]
    public void A_line_that_would_be_cut_off_is_refused()
    {
        int room = 8191 - BatchFileCommandLine.Build(Script, ["x"]).Length + 1;
        Assert.Equal(8191, BatchFileCommandLine.Build(Script, [new string('x', room)]).Length);
        Assert.Throws<ArgumentException>(() => BatchFileCommandLine.Build(Script, [new string('x', room + 1)]));
    }

    // cmd.exe's first step, where it was given a command and not a file: a variable without a value leaves its percent sign.
    private static string ExpandVariables(string line)
    {
        Dictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase)
        {
            ["cd"] = @"C:\here", ["PATH"] = "\" & calc", ["cd:~,1"] = "C", ["cd:~,"] = string.Empty,
        };
        StringBuilder result = new();
        for (int i = 0; i < line.Length; i++)
        {
            int end = line[i] == '%' ? line.IndexOf('%', i + 1) : -1;
            if (end > 0 && variables.TryGetValue(line[(i + 1)..end], out string? value))
            {
                result.Append(value);
                i = end;
            }
            else
            {
                result.Append(line[i]);
            }
        }

        return result.ToString();
    }

    // Its second: outside of quotes, symbols are commands, and some characters are spaces.
    private static void AssertNothingIsInterpreted(string line)
    {
        bool isQuoted = false;
        foreach (char character in line)
        {
            isQuoted ^= character == '"';
            Assert.False(!isQuoted && "&|<>^()!,;=\t\u00a0".Contains(character, StringComparison.Ordinal), line);
        }

        Assert.False(isQuoted, line);
    }
}
