using Switchyard.Core.Harness;

namespace Switchyard.Core.Transports;

public sealed class LocalListenerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_without_the_secret_hold_none_up(bool overPipe)
    {
        using Place place = new(overPipe);
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Endpoint, CancellationToken.None));
        List<Stream> silent = [];
        for (int i = 0; i < 20; i++)
        {
            silent.Add(place.Connect());
            using Stream hangsUp = place.Connect();
            using Stream guesses = place.Connect();
            guesses.Write(new byte[LocalEndpoint.SecretLength]);
            Assert.Equal(0, ReadUntilEnd(guesses));
        }

        using Stream worker = place.Connect();
        worker.Write(place.Endpoint.ClientSecret.Span);
        byte[] answer = new byte[LocalEndpoint.SecretLength];
        worker.ReadExactly(answer);
        Assert.Equal(place.Endpoint.ServerSecret.ToArray(), answer);
        using Stream accepted = await Bounded.Await(accepting);
        worker.WriteByte(7);
        Assert.Equal(7, accepted.ReadByte());
        silent.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task A_secret_is_good_for_one_connection()
    {
        using Place place = new(overPipe: false);
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Endpoint, CancellationToken.None));
        using Stream worker = place.Connect();
        worker.Write(place.Endpoint.ClientSecret.Span);
        using Stream accepted = await Bounded.Await(accepting);
        using Stream replay = place.Connect();
        replay.Write(place.Endpoint.ClientSecret.Span);
        Assert.True(ReadUntilEnd(replay) <= LocalEndpoint.SecretLength);
        worker.WriteByte(1);
        worker.ReadExactly(new byte[LocalEndpoint.SecretLength]);
        Assert.Equal(1, accepted.ReadByte());
    }

    [Fact]
    public async Task The_wait_can_be_ended()
    {
        using Place place = new(overPipe: false);
        using CancellationTokenSource stop = new();
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Endpoint, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Await(accepting));
    }

    [Fact]
    public async Task A_folder_that_is_swept_keeps_no_worker_from_connecting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no socket outside of a folder.");
        using Place place = new(overPipe: false);
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Endpoint, CancellationToken.None));
        File.Delete(place.Listener.Name);
        using Stream worker = LocalListener.Connect(place.Endpoint);
        using Stream accepted = await Bounded.Await(accepting);
        worker.WriteByte(7);
        Assert.Equal(7, accepted.ReadByte());
    }

    [Fact]
    public async Task A_socket_may_be_in_no_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no such socket.");
        using LocalListener listener = LocalListener.Open(null);
        LocalEndpoint endpoint = LocalEndpoint.Create(listener.Name);
        Task<Stream> accepting = Bounded.Run(() => listener.Accept(endpoint, CancellationToken.None));
        using Stream worker = LocalListener.Connect(endpoint);
        using Stream accepted = await Bounded.Await(accepting);
        accepted.WriteByte(8);
        Assert.Equal(8, worker.ReadByte());
    }

    [Fact]
    public async Task A_connection_whose_other_end_takes_nothing_is_given_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe has no such limit.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("switchyard-test-");
        using SocketListener listener = new(Path.Combine(folder.FullName, "socket"), TimeSpan.FromMilliseconds(100));
        LocalEndpoint endpoint = LocalEndpoint.Create(listener.Name);
        Task<Stream> accepting = Bounded.Run(() => listener.Accept(endpoint, CancellationToken.None));
        using Stream frozen = LocalListener.Connect(endpoint);
        using Stream accepted = await Bounded.Await(accepting);
        await Assert.ThrowsAsync<IOException>(() => Bounded.Await(Bounded.Run<int>(() =>
        {
            while (true)
            {
                accepted.Write(new byte[64 * 1024]);
            }
        })));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void No_other_user_may_enter_the_place_and_nothing_is_left_of_it()
    {
        ConnectionSetup place = ConnectionSetup.Open();
        string marker = place.Bootstrap.CrashMarkerPlace!;
        string? folder = OperatingSystem.IsWindows() ? null : Path.GetDirectoryName(marker)!;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder!));
        }

        using (CrashMarker crashMarker = place.TakeCrashMarker()!)
        using (CrashMarker workers = CrashMarker.TryOpen(marker)!)
        {
            place.Dispose();
            Assert.False(Directory.Exists(folder));
            Assert.False(File.Exists(marker));
            workers.Start(5);
            Assert.Equal(5, crashMarker.Running);
            workers.Finish(5);
            Assert.Equal(0, crashMarker.Running);
        }

        Assert.Null(CrashMarker.TryOpen(marker));
    }

    [Fact]
    public void A_connection_where_nothing_listens_says_so()
    {
        using Place place = new(overPipe: OperatingSystem.IsWindows());
        place.Listener.Dispose();
        Assert.Throws<IOException>(place.Connect);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_that_come_at_once_are_heard(bool overPipe)
    {
        const int Count = 60;
        using Place place = new(overPipe);
        int heard = 0;
        place.Listener.Serve(place.Endpoint, stream =>
        {
            Interlocked.Increment(ref heard);
            stream.Write(new byte[100_000]);
            return true;
        });
        Task<int>[] clients = [.. Enumerable.Range(0, Count).Select(i => Bounded.Run(() =>
        {
            if (i % 3 == 0)
            {
                place.Connect().Dispose();
            }

            using Stream stream = place.Connect();
            stream.Write(place.Endpoint.ClientSecret.Span);
            stream.ReadExactly(new byte[LocalEndpoint.SecretLength + 100_000]);
            return 1;
        }))];
        foreach (Task<int> client in clients)
        {
            await Bounded.Await(client);
        }

        Assert.Equal(Count, heard);
    }

    [Fact]
    public void What_a_worker_is_told_it_reads_again()
    {
        WorkerBootstrap told = new(LocalEndpoint.Create("/tmp/ä b/socket"), "/tmp/ä b/running");
        WorkerBootstrap read = WorkerBootstrap.Read(new MemoryStream(told.ToBytes()));
        Assert.Equal(told.Endpoint.Name, read.Endpoint.Name);
        Assert.Equal(told.CrashMarkerPlace, read.CrashMarkerPlace);
        Assert.Equal(told.Endpoint.ClientSecret.ToArray(), read.Endpoint.ClientSecret.ToArray());
        Assert.Equal(told.Endpoint.ServerSecret.ToArray(), read.Endpoint.ServerSecret.ToArray());
        Assert.NotEqual(told.Endpoint.ClientSecret.ToArray(), told.Endpoint.ServerSecret.ToArray());
    }

    private static int ReadUntilEnd(Stream stream)
    {
        int count = 0;
        try
        {
            while (stream.ReadByte() >= 0)
            {
                count++;
            }
        }
        catch (IOException)
        {
            // Hung up on while there was something unread.
        }

        return count;
    }

    private sealed class Place : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-test-");
        private readonly bool _overPipe;

        public Place(bool overPipe)
        {
            _overPipe = overPipe || OperatingSystem.IsWindows();
            Listener = _overPipe ? new PipeListener() : new SocketListener(Path.Combine(_folder.FullName, "socket"));
            Endpoint = LocalEndpoint.Create(Listener.Name);
        }

        public LocalListener Listener { get; }

        public LocalEndpoint Endpoint { get; }

        public Stream Connect() => _overPipe ? PipeListener.Connect(Listener.Name) : SocketListener.Connect(Listener.Name);

        public void Dispose()
        {
            Listener.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
