using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Executables.Arguments;

public sealed class ItemPathTests
{
    /// <summary>What GNU parallel's own expressions gave for these, run by perl.</summary>
    [Theory]
    [InlineData("a.b.c", "a.b", "a.b.c", ".", "a.b")]
    [InlineData(".bashrc", "", ".bashrc", ".", "")]
    [InlineData("d/.bashrc", "d/", ".bashrc", "d", "")]
    [InlineData("d/x/", "d/x/", "", "d", "")]
    [InlineData("d//x//", "d//x//", "", "d", "")]
    [InlineData("/", "/", "", "/", "")]
    [InlineData("///", "///", "", "/", "")]
    [InlineData("", "", "", ".", "")]
    [InlineData("a", "a", "a", ".", "a")]
    [InlineData("a.d/b", "a.d/b", "b", "a.d", "b")]
    [InlineData("a. b/c d.e", "a. b/c d", "c d.e", "a. b", "c d")]
    [InlineData("/a", "/a", "a", "/", "a")]
    [InlineData("//a", "//a", "a", "/", "a")]
    [InlineData("a//b", "a//b", "b", "a", "b")]
    [InlineData("./", "./", "", ".", "")]
    [InlineData("..", ".", "..", ".", ".")]
    [InlineData("a/..", "a/.", "..", "a", ".")]
    [InlineData("-x.y/z", "-x.y/z", "z", "-x.y", "z")]
    [InlineData("d/a.", "d/a", "a.", "d", "a")]
    [InlineData("\n", "\n", "\n", ".", "\n")]
    [InlineData("x.y/", "x.y/", "", ".", "")]
    [InlineData("a\\b.c", "a\\b", "a\\b.c", ".", "a\\b")]

    // Where a folder has a newline, parallel's {/} keeps what stands before it, as its expression's dot takes none.
    [InlineData("x\ny.t/w.q", "x\ny.t/w", "w.q", "x\ny.t", "w")]
    public void On_Unix_parts_are_those_of_parallel(string path, string stem, string name, string folder, string nameStem)
    {
        Assert.Equal(stem, ItemPath.WithoutExtension(path, ItemPath.UnixSeparators));
        Assert.Equal(name, ItemPath.FileName(path, ItemPath.UnixSeparators));
        Assert.Equal(folder, ItemPath.Folder(path, ItemPath.UnixSeparators));
        Assert.Equal(nameStem, ItemPath.WithoutExtension(ItemPath.FileName(path, ItemPath.UnixSeparators), ItemPath.UnixSeparators));
    }

    [Theory]
    [InlineData(@"C:\d\x.y.z", @"C:\d\x.y", "x.y.z", @"C:\d")]
    [InlineData(@"C:\x.y", @"C:\x", "x.y", @"C:\")]
    [InlineData("C:/x", "C:/x", "x", "C:/")]
    [InlineData(@"C:\", @"C:\", "", @"C:\")]
    [InlineData(@"C:\\", @"C:\\", "", @"C:\")]
    [InlineData(@"C:\d\", @"C:\d\", "", @"C:\")]
    [InlineData(@"d.e\f/g", @"d.e\f/g", "g", @"d.e\f")]
    [InlineData(@"d/f\g.h", @"d/f\g", "g.h", "d/f")]
    [InlineData(@"\\server\share\f.g", @"\\server\share\f", "f.g", @"\\server\share")]
    [InlineData(@"\", @"\", "", @"\")]
    [InlineData("f.g", "f", "f.g", ".")]
    public void On_Windows_both_separators_count_and_a_drive_keeps_its_root(string path, string stem, string name, string folder)
    {
        Assert.Equal(stem, ItemPath.WithoutExtension(path, ItemPath.WindowsSeparators));
        Assert.Equal(name, ItemPath.FileName(path, ItemPath.WindowsSeparators));
        Assert.Equal(folder, ItemPath.Folder(path, ItemPath.WindowsSeparators));
    }

    [Fact]
    public void Folder_and_name_of_a_file_make_its_path_again() => Texts.Any.Sample(text =>
    {
        string path = "d/" + text;
        string name = ItemPath.FileName(path, ItemPath.UnixSeparators);
        if (name.Length > 0)
        {
            string folder = ItemPath.Folder(path, ItemPath.UnixSeparators);
            Assert.StartsWith(folder + "/", path, StringComparison.Ordinal);
            Assert.Empty(path[folder.Length..^name.Length].Trim('/'));
        }
    });
}
