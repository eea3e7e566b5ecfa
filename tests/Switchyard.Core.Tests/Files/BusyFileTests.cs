namespace Switchyard.Core.Files;

public sealed class BusyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("switchyard-busy-").FullName;

    private string Target => Path.Combine(_folder, "target");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_another_has_open_is_tried_again_until_it_is_let_go()
    {
        FileStream holder = new(Target, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        int pauses = 0;

        using FileStream mine = BusyFile.Retry(Open, BusyFile.IsBusy, _ =>
        {
            if (++pauses == 3)
            {
                holder.Dispose();
            }
        });

        Assert.Equal(3, pauses);
    }

    [Fact]
    public void What_is_never_let_go_is_an_error_after_little_more_than_a_second()
    {
        using FileStream holder = new(Target, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        List<int> pauses = [];

        Assert.True(BusyFile.IsBusy(Assert.ThrowsAny<IOException>(() => BusyFile.Retry(Open, BusyFile.IsBusy, pauses.Add))));

        Assert.Equal(1275, pauses.Sum());
    }

    [Fact]
    public void What_is_not_there_is_an_error_at_once() =>
        Assert.Throws<FileNotFoundException>(() => BusyFile.Retry(Open, BusyFile.IsBusyOrDenied, _ => Assert.Fail("It was tried again.")));

    [Fact]
    public void A_file_that_is_open_is_replaced_once_it_is_let_go()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Other systems replace a file that is open.");
        string source = Path.Combine(_folder, "source");
        File.WriteAllText(source, "new");
        File.WriteAllText(Target, "old");
        FileStream holder = new(Target, FileMode.Open, FileAccess.Read, FileShare.Read);

        BusyFile.Retry(Move, BusyFile.IsBusyOrDenied, _ => holder.Dispose());

        Assert.Equal("new", File.ReadAllText(Target));

        bool Move()
        {
            File.Move(source, Target, overwrite: true);
            return true;
        }
    }

    private FileStream Open() => new(Target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
