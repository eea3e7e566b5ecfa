using CsCheck;
using Switchyard.Core.Items;

namespace Switchyard.Core.Executables;

public sealed class ItemFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("switchyard-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_in_the_files_to_the_byte() =>
        Gen.Select(Gen.Byte.Array[0, 50].Array[0, 10], Gen.Byte.Array[0, 50].Array[0, 10], Gen.Int, Gen.Long[0, 1_000_000_000]).Sample(
            (output, error, exitCode, index) =>
            {
                using (ItemFiles files = Open(index))
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
                Array.ForEach(Directory.GetFiles(_folder), File.Delete);
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void Until_the_end_there_are_hidden_files_only_and_then_none_if_it_was_given_up()
    {
        using (ItemFiles first = Open(1))
        using (ItemFiles second = Open(1))
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
        OutputFolder folder = new(_folder, goesOn: false);
        BatchItem item = new(12, "x") { Account = new ItemAccount(0) };
        foreach (int exitCode in new[] { 1, 0 })
        {
            using ItemFiles files = folder.Open(item);
            files.WriteOutput([(byte)('a' + exitCode)]);
            item.Account.OutputPath = files.Commit(exitCode);
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
        using (ItemFiles files = Open(0, Path.Combine(_folder, "3")))
        {
            Assert.True(File.Exists(PathOf(3, "exitcode")));
            Assert.ThrowsAny<SystemException>(() => files.Commit(1));
        }

        Assert.Equal(["3.stdout"], Names());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error()
    {
        File.WriteAllText(PathOf(0, "stdout"), "x");
        Assert.ThrowsAny<IOException>(() => new OutputFolder(Path.Combine(PathOf(0, "stdout"), "none"), goesOn: false));
    }

    [Fact]
    public void Files_that_were_there_are_not_replaced()
    {
        using (ItemFiles first = Open(0))
        using (ItemFiles second = Open(0))
        {
            first.WriteOutput("first"u8);
            second.WriteOutput("second"u8);
            Assert.Equal(Path.Combine(_folder, "0"), first.Commit(0));
            Assert.Equal(Path.Combine(_folder, "1"), second.Commit(0));
        }

        File.Delete(PathOf(1, "stdout"));
        File.Delete(PathOf(1, "stderr"));
        Assert.Equal(2, new OutputFolder(_folder, goesOn: false).First);
        using ItemFiles third = Open(5);
        Assert.Equal(Path.Combine(_folder, "7"), third.Commit(0));
        Assert.Equal("first", File.ReadAllText(PathOf(0, "stdout")));
    }

    [Fact]
    public void A_run_that_goes_on_takes_an_items_own_place_or_its_position_or_a_new_one()
    {
        foreach (int number in new[] { 0, 1, 2, 9 })
        {
            File.WriteAllText(PathOf(number, "stdout"), "x");
        }

        OutputFolder folder = new(_folder, goesOn: true);
        Assert.Equal("2", Commit(0, "2"));
        Assert.Equal("10", Commit(1, null));
        Assert.Equal("3", Commit(3, null));

        // Its files are gone, and so is its place: another item has it.
        Assert.Equal("4", Commit(4, "3"));
        Assert.Equal("5", Commit(5, Path.Combine("..", "elsewhere", "2")));

        // And here it is first.
        Assert.Equal("7", Commit(6, "7"));
        Assert.Equal("11", Commit(7, null));

        string Commit(long index, string? own)
        {
            ItemAccount account = new(0) { OutputPath = own is null ? null : Path.Combine(_folder, own) };
            using ItemFiles files = folder.Open(new BatchItem(index, "x") { Account = account });
            return Path.GetFileName(files.Commit(0));
        }
    }

    private ItemFiles Open(long index, string? own = null) => new OutputFolder(_folder, goesOn: own is not null)
        .Open(new BatchItem(index, "x") { Account = new ItemAccount(0) { OutputPath = own } });

    private string PathOf(long index, string extension) => Path.Combine(_folder, FormattableString.Invariant($"{index}.{extension}"));

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
