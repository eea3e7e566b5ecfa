using CsCheck;

namespace Switchyard.Core.Executables;

public sealed class ItemFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("switchyard-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_in_the_files_to_the_byte() =>
        Gen.Select(Gen.Byte.Array[0, 50].Array[0, 10], Gen.Byte.Array[0, 50].Array[0, 10], Gen.Int, Gen.Long[0, 5]).Sample(
            (output, error, exitCode, index) =>
            {
                using (ItemFiles files = new(_folder, index))
                {
                    for (int i = 0; i < Math.Max(output.Length, error.Length); i++)
                    {
                        files.WriteOutput(output.ElementAtOrDefault(i));
                        files.WriteError(error.ElementAtOrDefault(i));
                    }

                    files.Commit(exitCode);
                }

                Assert.Equal(output.SelectMany(bytes => bytes), File.ReadAllBytes(PathOf(index, "stdout")));
                Assert.Equal(error.SelectMany(bytes => bytes), File.ReadAllBytes(PathOf(index, "stderr")));
                Assert.Equal(FormattableString.Invariant($"{exitCode}\n"), File.ReadAllText(PathOf(index, "exitcode")));
                Assert.DoesNotContain(Names(), name => name.StartsWith('.'));
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void Until_the_end_there_are_hidden_files_only_and_then_none_if_it_was_given_up()
    {
        using (ItemFiles first = new(_folder, 1))
        using (ItemFiles second = new(_folder, 1))
        {
            first.WriteOutput("x"u8);
            second.WriteError("y"u8);
            Assert.Equal(4, Names().Length);
            Assert.All(Names(), name => Assert.StartsWith(".", name, StringComparison.Ordinal));
        }

        Assert.Empty(Names());
    }

    [Fact]
    public void A_later_attempt_replaces_an_earlier_one()
    {
        foreach (int exitCode in new[] { 1, 0 })
        {
            using ItemFiles files = new(_folder, 12);
            files.WriteOutput([(byte)('a' + exitCode)]);
            files.Commit(exitCode);
        }

        Assert.Equal("a", File.ReadAllText(PathOf(12, "stdout")));
        Assert.Equal("0\n", File.ReadAllText(PathOf(12, "exitcode")));
        Assert.Equal(["12.exitcode", "12.stderr", "12.stdout"], Names());
    }

    [Fact]
    public void An_old_exit_code_never_stands_beside_new_output()
    {
        File.WriteAllText(PathOf(3, "exitcode"), "0\n");
        Directory.CreateDirectory(PathOf(3, "stdout"));
        using (ItemFiles files = new(_folder, 3))
        {
            Assert.True(File.Exists(PathOf(3, "exitcode")));
            Assert.ThrowsAny<SystemException>(() => files.Commit(1));
        }

        Assert.Equal(["3.stdout"], Names());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.Throws<DirectoryNotFoundException>(() => new ItemFiles(Path.Combine(_folder, "none"), 0));

    private string PathOf(long index, string extension) => Path.Combine(_folder, FormattableString.Invariant($"{index}.{extension}"));

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
