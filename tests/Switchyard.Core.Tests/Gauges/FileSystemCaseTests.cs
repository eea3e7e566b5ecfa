namespace Switchyard.Core.Gauges;

public sealed class FileSystemCaseTests
{
    private static readonly string _root = Path.GetPathRoot(Path.GetTempPath())!;

    [Fact]
    public void NamesAreOneFileWhereTheirFolderIgnoresCase()
    {
        FileSystemCase names = new(_ => true);

        Assert.True(names.AreSame(At("Data", "a.txt"), At("data", "A.TXT")));
        Assert.True(names.IsWithin(At("DATA", "a.txt"), At("data")));
        Assert.False(names.AreSame(At("data", "a.txt"), At("data", "b.txt")));
    }

    [Fact]
    public void NamesAreTwoFilesWhereTheirFolderTellsThemApart()
    {
        FileSystemCase names = new(_ => false);

        Assert.False(names.AreSame(At("data", "a.txt"), At("data", "A.txt")));
        Assert.False(names.IsWithin(At("DATA", "a.txt"), At("data")));
        Assert.True(names.IsWithin(At("data", "a.txt"), At("data")));
    }

    [Fact]
    public void EachFolderOfAPathIsAskedForItself()
    {
        FileSystemCase names = new(folder => Path.GetFileName(folder) != "strict");

        Assert.True(names.AreSame(At("Volumes", "strict", "a"), At("volumes", "strict", "a")));
        Assert.False(names.AreSame(At("volumes", "strict", "a"), At("volumes", "strict", "A")));
    }

    [Fact]
    public void AFolderThatTellsNothingIsAsTheOneThatItIsIn()
    {
        FileSystemCase names = new(folder => folder == At("data") ? true : folder == _root ? false : null);

        Assert.True(names.AreSame(At("data", "new", "a"), At("data", "NEW", "A")));
        Assert.False(names.AreSame(At("other", "a"), At("other", "A")));
    }

    [Theory]
    [InlineData("data", "data", true)]
    [InlineData("data2", "data", false)]
    [InlineData("data", "data2", false)]
    public void AFolderHoldsItselfAndNoneThatOnlyBeginsAsIt(string path, string folder, bool expected) =>
        Assert.Equal(expected, new FileSystemCase(_ => true).IsWithin(At(path), At(folder) + Path.DirectorySeparatorChar));

    [Fact]
    public void TheRootHoldsAll() => Assert.True(new FileSystemCase(_ => false).IsWithin(At("data"), _root));

    [Fact]
    public void AFolderIsAskedOnce()
    {
        int asked = 0;
        FileSystemCase names = new(folder => folder == At("data") ? ++asked > 0 : false);

        _ = names.KeyOf(At("data", "a"));
        _ = names.KeyOf(At("data", "b"));

        Assert.Equal(1, asked);
    }

    [Fact]
    public void TheFileSystemItselfIsAsked()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "name"), string.Empty);
            bool ignoresCase = File.Exists(Path.Combine(folder, "NAME"));

            Assert.Equal(ignoresCase, new FileSystemCase().AreSame(Path.Combine(folder, "new"), Path.Combine(folder, "NEW")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TwoFilesThatDifferInCaseTellThatAFolderDoesNotIgnoreIt()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "name"), string.Empty);
            Assert.SkipWhen(File.Exists(Path.Combine(folder, "NAME")), "needs a file system that tells names apart by case");
            File.WriteAllText(Path.Combine(folder, "NAME"), string.Empty);

            Assert.False(new FileSystemCase().AreSame(Path.Combine(folder, "new"), Path.Combine(folder, "NEW")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string At(params string[] names) => Path.Combine([_root, .. names]);
}
