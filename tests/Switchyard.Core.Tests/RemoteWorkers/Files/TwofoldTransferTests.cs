using Switchyard.Core.Harness;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>The files of an item that runs twice at a time.</summary>
public sealed class TwofoldTransferTests : IDisposable
{
    private readonly string _here = Directory.CreateTempSubdirectory("switchyard-here-").FullName;
    private readonly string _there = Directory.CreateTempSubdirectory("switchyard-there-").FullName;
    private readonly FileItem _item;

    public TwofoldTransferTests()
    {
        File.WriteAllText(Path.Combine(_here, "a"), "content");
        FilePlan plan = new(_here);
        _item = new FileItem(1, new ItemFiles(1, [.. plan.Find("a")], [plan.Receive("a.out", Path.Combine(_here, "a"))]));
    }

    public void Dispose()
    {
        Directory.Delete(_here, recursive: true);
        Directory.Delete(_there, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_what_the_run_that_counts_has_made_is_put_in_its_place(bool isLoserFirst)
    {
        using Worker winner = new(_there, _item);
        using Worker loser = new(_there, _item);
        winner.Bring("of the winner");
        loser.Bring("of the loser");
        Assert.False(File.Exists(Path.Combine(_here, "a.out")));
        (isLoserFirst ? loser : winner).Service.EndItem(_item, counts: !isLoserFirst);
        (isLoserFirst ? winner : loser).Service.EndItem(_item, counts: isLoserFirst);
        Assert.Equal("of the winner", File.ReadAllText(Path.Combine(_here, "a.out")));
        Assert.Equal(["a", "a.out"], Files());
    }

    [Fact]
    public void What_a_lost_worker_has_brought_is_dropped()
    {
        using Worker worker = new(_there, _item);
        worker.Bring("lost");
        Assert.Equal(2, Files().Count);
        worker.Service.Clear();
        Assert.Equal(["a"], Files());
        worker.Service.EndItem(_item, counts: true);
        Assert.Equal(["a"], Files());
    }

    [Fact]
    public void Each_worker_has_a_folder_and_all_are_gone_with_the_last()
    {
        string shared = Path.Combine(_there, "shared");
        Worker one = new(shared, _item);
        Worker other = new(shared, _item);
        Assert.NotEqual(one.Folder.Path, other.Folder.Path);
        Assert.True(File.Exists(Path.Combine(one.Folder.Path, "a")) && File.Exists(Path.Combine(other.Folder.Path, "a")));
        one.Dispose();
        Assert.False(Directory.Exists(one.Folder.Path));
        Assert.True(File.Exists(Path.Combine(other.Folder.Path, "a")));
        other.Dispose();
        Assert.False(Directory.Exists(other.Folder.Path));
        Assert.False(Directory.Exists(shared + ".locks"));
    }

    private List<string?> Files() => [.. Directory.EnumerateFileSystemEntries(_here).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private sealed class Worker : IDisposable
    {
        private readonly FileItem _item;
        private readonly TunnelPair _pair;

        public Worker(string place, FileItem item)
        {
            _item = item;
            TransferOptions options = new("x", place, CleansUp: false, ItemFiles.None) { IsTwofold = true };
            Service = new FileService(options);
            Service.Begin();
            Service.WriteItem(new WireWriter(), item);
            _pair = new TunnelPair(new Dictionary<string, Protocol.Tunnels.TunnelService> { [FileService.Name] = Service.Serve });
            Folder = new WorkFolder(options, () => _pair.Worker.Open(FileService.Name, string.Empty));
            Folder.Open();
            Folder.Get(item.Files!);
        }

        public FileService Service { get; }

        public WorkFolder Folder { get; }

        public void Bring(string content)
        {
            File.WriteAllText(Path.Combine(Folder.Path, "a.out"), content);
            Folder.Put(_item.Files!);
        }

        public void Dispose()
        {
            Folder.Dispose();
            _pair.Dispose();
        }
    }
}
