namespace Switchyard.Core.Processes;

public sealed class CommandLineSpaceTests
{
    private const long Ample = 2 * 1024 * 1024;

    [Theory]
    [InlineData("a", 2)]
    [InlineData("", 1)]
    [InlineData("ä€😀", 10)]
    public void An_argument_takes_its_bytes_and_a_zero(string argument, long expected) =>
        Assert.Equal(expected, CommandLineSpace.OfUnix("/bin/x", [], 1000, Ample).LengthOf(argument));

    [Fact]
    public void The_program_and_what_it_is_given_with_all_items_take_room() =>
        Assert.Equal(1000 - 7 - 3, CommandLineSpace.OfUnix("/bin/x", ["-a"], 1000, Ample).Room);

    [Fact]
    public void Where_the_systems_limit_is_near_a_pointer_to_each_counts_as_it_does_there()
    {
        CommandLineSpace space = CommandLineSpace.OfUnix("/bin/x", ["-a"], null, 1000);
        Assert.Equal(1000 - (7 + 8) - (3 + 8), space.Room);
        Assert.Equal(10, space.LengthOf("a"));
        Assert.Equal(space.Room, CommandLineSpace.OfUnix("/bin/x", ["-a"], 5000, 1000).Room);
        Assert.True(CommandLineSpace.OfUnix("/bin/x", ["-a"], 900, 1000).Room < space.Room);
    }

    [Fact]
    public void On_Windows_it_is_characters_as_they_are_quoted()
    {
        CommandLineSpace space = CommandLineSpace.OfWindows(@"C:\x.exe", ["-a"], null);
        Assert.Equal(32_767 - @"""C:\x.exe"" -a".Length, space.Room);
        Assert.Equal(" a".Length, space.LengthOf("a"));
        Assert.Equal(@" ""a b""".Length, space.LengthOf("a b"));
        Assert.Equal(@" ""a\""b""".Length, space.LengthOf("a\"b"));
    }

    [Fact]
    public void A_batch_file_has_as_much_as_its_interpreter_reads()
    {
        CommandLineSpace space = CommandLineSpace.OfWindows(@"C:\x.cmd", [], null);
        Assert.InRange(space.Room, 7000, 8191);
        Assert.True(space.LengthOf("bad\nline") > space.Room);
    }
}
