namespace Switchyard.Core.Transports;

public sealed class PrivateFolderTests
{
    // No system gives a process this number.
    private const string Gone = "switchyard-2147483647-";

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_somebody_listens_in_is_not()
    {
        string left = Directory.CreateTempSubdirectory(Gone).FullName;
        string used = Directory.CreateTempSubdirectory(Gone).FullName;
        using (LocalListener.Open(used))
        {
            string own = PrivateFolder.Use(folder => folder!);
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(used) || OperatingSystem.IsWindows());
            Assert.True(Directory.Exists(own));
            PrivateFolder.Remove(own);
            Assert.False(Directory.Exists(own));
        }

        PrivateFolder.Remove(used);
    }
}
