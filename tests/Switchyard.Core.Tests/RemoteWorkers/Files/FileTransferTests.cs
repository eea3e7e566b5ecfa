using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>Files that go along with items to remote workers of this process, and come back.</summary>
public sealed class FileTransferTests : IDisposable
{
    private readonly string _here = Directory.CreateTempSubdirectory("switchyard-here-").FullName;
    private readonly string _there = Directory.CreateTempSubdirectory("switchyard-there-").FullName;
    private readonly FilePlan _plan;
    private long _lastNumber;

    public FileTransferTests() => _plan = new FilePlan(_here);

    public static TheoryData<string> Names =>
        ["a.txt", "with space.txt", "quo\"te's.txt", "new\nline.txt", "Käse.txt", "-dash.txt", "deep/er/file.txt", "$(x);`y`.txt", ".hidden", "a\\b.txt"];

    public void Dispose()
    {
        Directory.Delete(_here, recursive: true);
        Directory.Delete(_there, recursive: true);
        string locks = _there + ".locks";
        if (Directory.Exists(locks))
        {
            Directory.Delete(locks, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_file_goes_there_and_what_is_made_of_it_comes_back(string name)
    {
        string path = Create(name, "content");
        int succeeded = await Run([Item(path, name + ".out")], item =>
        {
            string there = Path.Combine(_there, name);
            Assert.Equal(there, item.End.ItemPath);
            Assert.Equal(_there, item.End.Folder);
            Assert.Equal(File.GetLastWriteTimeUtc(path), File.GetLastWriteTimeUtc(there));
            File.WriteAllText(there + ".out", File.ReadAllText(there) + "!");
        });
        Assert.Equal(1, succeeded);
        Assert.Equal("content!", File.ReadAllText(path + ".out"));
    }

    [Fact]
    public async Task A_large_file_and_an_empty_one_arrive_whole()
    {
        byte[] bytes = new byte[20_000_000];
        Random.Shared.NextBytes(bytes);
        string large = Create("large", string.Empty);
        File.WriteAllBytes(large, bytes);
        string empty = Create("empty", string.Empty);
        int succeeded = await Run([Item(large, "large.back"), Item(empty, "empty.back")], item => File.Copy(item.End.ItemPath!, item.End.ItemPath + ".back"));
        Assert.Equal(2, succeeded);
        Assert.Equal(bytes, File.ReadAllBytes(large + ".back"));
        Assert.Empty(File.ReadAllBytes(empty + ".back"));
    }

    [Fact]
    public async Task What_is_there_unchanged_is_not_sent_again()
    {
        string path = Create("a", "content");
        await Run([Item(path)], _ => { });
        string there = Path.Combine(_there, "a");

        // Of the same size and time, though another: so it was looked at and not sent.
        DateTime time = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(there, "CONTENT");
        File.SetLastWriteTimeUtc(there, time);
        await Run([Item(path)], _ => { });
        Assert.Equal("CONTENT", File.ReadAllText(there));

        // The same content at another time is found by its hash; another content is sent.
        File.WriteAllText(there, "content");
        File.SetLastWriteTimeUtc(there, time.AddDays(-1));
        FileInfo kept = new(there);
        await Run([Item(path)], _ => { });
        Assert.Equal(time, File.GetLastWriteTimeUtc(there));
        File.WriteAllText(there, "other!!");
        await Run([Item(path)], _ => { });
        Assert.Equal("content", File.ReadAllText(kept.FullName));
    }

    [Fact]
    public async Task What_all_items_need_is_there_before_the_first()
    {
        Create("data/one", "1");
        Create("data/inner/two", "2");
        ItemFiles all = new(0, [.. _plan.Find("data")], []);
        int succeeded = await Run(
            [.. Enumerable.Range(0, 20)],
            item => Assert.Equal("12", File.ReadAllText(Path.Combine(_there, "data/one")) + File.ReadAllText(Path.Combine(_there, "data/inner/two"))),
            new TransferOptions("x", _there, CleansUp: true, all));
        Assert.Equal(20, succeeded);
        Bounded.Until(() => !Directory.EnumerateFileSystemEntries(_there).Any(), "it is cleaned up");
    }

    [Fact]
    public async Task What_was_sent_and_made_is_removed_and_nothing_else()
    {
        string path = Create("sub/a", "content");
        File.WriteAllText(Path.Combine(_there, "mine"), "kept");
        int succeeded = await Run(
            [Item(path, "sub/a.out")], item => File.WriteAllText(item.End.ItemPath + ".out", "out"), new TransferOptions("x", _there, CleansUp: true, ItemFiles.None));
        Assert.Equal(1, succeeded);
        Assert.Equal("out", File.ReadAllText(path + ".out"));
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(_there).Select(entry => Path.GetFileName(entry)));
    }

    [Fact]
    public async Task A_file_that_is_gone_or_was_not_made_fails_its_item_alone()
    {
        string gone = Create("gone", "x");
        FileItem first = Item(gone);
        File.Delete(gone);
        CollectingSink sink = new();
        await Run([first, Item(Create("lazy", "x"), "lazy.out"), Item(Create("good", "x"), "good.out")], item =>
        {
            if (item.Value == 3)
            {
                File.WriteAllText(item.End.ItemPath + ".out", "out");
            }
        }, sink: sink);
        Assert.Equal(
            [ItemStatus.Failed, ItemStatus.Failed, ItemStatus.Succeeded], sink.Results.OrderBy(result => ((FileItem)result.Input!).Value).Select(result => result.Status));
        Assert.Contains(sink.Results.SelectMany(result => result.Errors), error => ((string)error!).Contains("'gone' cannot be had on", StringComparison.Ordinal));
        Assert.Contains(sink.Results.SelectMany(result => result.Errors), error => ((string)error!).Contains("'lazy.out' cannot be brought back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_comes_back_of_an_item_that_failed()
    {
        string path = Create("a", "x");
        int succeeded = await Run([Item(path, "a.out")], item =>
        {
            File.WriteAllText(item.End.ItemPath + ".out", "out");
            throw new InvalidOperationException("failed");
        });
        Assert.Equal(0, succeeded);
        Assert.False(File.Exists(path + ".out"));
    }

    [Fact]
    public async Task A_full_disk_or_a_missing_permission_there_fails_the_item()
    {
        // A folder where the file should go.
        Directory.CreateDirectory(Path.Combine(_there, "a/inner"));
        int succeeded = await Run([Item(Create("a", "x")), Item(Create("b", "x"))], _ => { });
        Assert.Equal(1, succeeded);
        Assert.DoesNotContain(Directory.EnumerateFiles(_there), path => path.EndsWith(".switchyard", StringComparison.Ordinal));
    }

    [Fact]
    public void A_worker_gets_what_it_was_sent_and_nothing_else()
    {
        FileItem mine = Item(Create("mine", "mine"), "mine.out");
        FileItem other = Item(Create("other", "other"));
        FileService service = new(new TransferOptions("x", _there, false, ItemFiles.None));
        service.Begin();
        service.WriteItem(new WireWriter(), mine);
        using TunnelPair pair = new(new Dictionary<string, Protocol.Tunnels.TunnelService> { [FileService.Name] = service.Serve });
        using WorkFolder folder = new(new TransferOptions("x", _there, false, ItemFiles.None), () => pair.Worker.Open(FileService.Name, string.Empty));
        folder.Open();
        folder.Get(mine.Files!);
        Assert.True(File.Exists(Path.Combine(_there, "mine")));
        Assert.Throws<FileTransferException>(() => folder.Get(other.Files!));
        Assert.Throws<FileTransferException>(() => folder.Get(mine.Files! with { Sent = [mine.Files.Sent[0], other.Files!.Sent[0]] }));

        // Not even what it was sent, once the item has ended.
        File.Delete(Path.Combine(_there, "mine"));
        service.EndItem(mine, counts: true);
        Assert.Throws<FileTransferException>(() => folder.Get(mine.Files!));
    }

    [Fact]
    public void Paths_outside_go_by_their_names_and_two_of_one_name_are_refused()
    {
        string outside = Directory.CreateTempSubdirectory("switchyard-outside-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(outside, "b"));
            File.WriteAllText(Path.Combine(outside, "x"), "1");
            File.WriteAllText(Path.Combine(outside, "b/x"), "2");
            Assert.Equal("x", Assert.Single(_plan.Find(Path.Combine(outside, "x"))).Target);
            Assert.Equal("x", Assert.Single(_plan.Find(Path.Combine(outside, "x"))).Target);
            Assert.Contains("another file", Assert.Throws<FileTransferException>(() => _plan.Find(Path.Combine(outside, "b/x"))).Message, StringComparison.Ordinal);
            Assert.Equal("b/x", Assert.Single(new FilePlan(_here).Find(Path.Combine(outside, "b"))).Target);
            Assert.Throws<FileTransferException>(() => _plan.Find("missing"));

            // Beside the item, wherever that is.
            Assert.Equal(Path.Combine(outside, "x.out"), _plan.Receive("x.out", Path.Combine(outside, "x")).Destination);
            Assert.Equal(Path.Combine(_here, "sub/x.out"), _plan.Receive("sub/x.out", Path.Combine(_here, "sub/x")).Destination);
            Assert.Equal(Path.Combine(_here, "sub/x.out"), _plan.Receive("x.out", Path.Combine(_here, "sub/x")).Destination);
            Assert.Equal(Path.Combine(_here, "sub/x.out"), _plan.Receive("./sub/../sub/x.out", null).Destination);
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../x")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../work/../x")]
    public void What_is_outside_of_the_working_folder_is_not_received(string name) =>
        Assert.Throws<FileTransferException>(() => _plan.Receive(name, Path.Combine(_here, "a")));

    [Fact]
    public void A_link_is_what_it_leads_to_and_a_circle_is_not_gone_round()
    {
        Create("folder/real", "content");
        File.CreateSymbolicLink(Path.Combine(_here, "folder/link"), "real");
        Directory.CreateSymbolicLink(Path.Combine(_here, "folder/circle"), "..");
        File.CreateSymbolicLink(Path.Combine(_here, "nowhere"), "missing");
        Assert.Equal([("folder/link", 7L), ("folder/real", 7L)], _plan.Find("folder").Select(file => (file.Target, file.Length)));
        Assert.Throws<FileTransferException>(() => _plan.Find("nowhere"));
    }

    private string Create(string name, string content)
    {
        string path = Path.Combine(_here, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    private FileItem Item(string path, params string[] received)
    {
        SentFile[] sent = [.. _plan.Find(path)];
        int number = (int)++_lastNumber;
        return new FileItem(number, new ItemFiles(number, sent, [.. received.Select(name => _plan.Receive(name, path))]) { Place = ItemPlace.File, FarPath = sent[0].Target });
    }

    private async Task<int> Run(IReadOnlyList<object> items, Action<FakeItem> body, TransferOptions? files = null, CollectingSink? sink = null)
    {
        FakeTransportLauncher ends = new() { HasCrashMarker = false, Body = body };
        RemoteWorkerPool pool = new(4);
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 2, CollectResults = true },
            new RemoteWorkerFactory(
                HostPool.OfThisMachine(ends),
                new RemoteOptions { Build = FakeTransportLauncher.Build, Files = files ?? new TransferOptions("x", _there, CleansUp: false, ItemFiles.None) },
                new FakeCalls(),
                pool),
            TimeProvider.System);
        sink ??= new CollectingSink();
        await Bounded.Await(Batches.FeedToTheRest(run, items, sink));
        Bounded.Until(pool.AreAllClean, "the workers have cleaned up");
        pool.Clear();
        return sink.Results.Count(result => result.Status == ItemStatus.Succeeded);
    }
}
