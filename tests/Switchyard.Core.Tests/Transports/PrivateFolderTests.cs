namespace Switchyard.Core.Transports;

public sealed class PrivateFolderTests
{
    // No system gives a process this number.
    private const string Gone = "switchyard-2147483647-";

    public PrivateFolderTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Neither pipes nor shared memory are in a folder.");

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_is_listened_in_is_not()
    {
        string left = Directory.CreateTempSubdirectory(Gone).FullName;
        string used = Directory.CreateTempSubdirectory(Gone).FullName;
        using (LocalListener.Open(used))
        {
            string own = PrivateFolder.Use(folder => folder!);
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(used));
            Assert.True(Directory.Exists(own));
            PrivateFolder.Remove(own);
            Assert.False(Directory.Exists(own));
        }

        PrivateFolder.Remove(used);
    }

    [Fact]
    public void Where_one_place_does_not_do_the_next_is_tried_and_nothing_is_left_in_the_first()
    {
        List<string?> tried = [];
        string? used = PrivateFolder.Use(folder =>
        {
            tried.Add(folder);
            return tried.Count == 1 ? throw new IOException("It is full.") : folder;
        });
        PrivateFolder.Remove(used);
        Assert.Equal(2, tried.Distinct().Count());
        Assert.False(Directory.Exists(tried[0]));
        Assert.NotEqual(Path.GetDirectoryName(tried[0]), Path.GetDirectoryName(tried[1]));
    }

    [Fact]
    public void Where_none_does_the_error_names_the_places_and_the_cure()
    {
        List<string?> tried = [];
        IOException exception = Assert.Throws<IOException>(() => PrivateFolder.Use<int>(folder =>
        {
            tried.Add(folder);
            throw new IOException("It is full.");
        }));
        Assert.Contains(Path.GetTempPath(), exception.Message, StringComparison.Ordinal);
        Assert.Contains("It is full.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", exception.Message, StringComparison.Ordinal);
        Assert.All(tried, folder => Assert.False(Directory.Exists(folder)));
        Assert.Equal(OperatingSystem.IsLinux(), tried[^1] is null);
    }
}
