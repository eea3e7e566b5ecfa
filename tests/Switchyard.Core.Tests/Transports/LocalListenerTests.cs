using Switchyard.Core.Harness;

namespace Switchyard.Core.Transports;

public sealed class LocalListenerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Strangers_hold_nobody_up(bool overPipe)
    {
        using Place place = new(overPipe);
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Bootstrap, CancellationToken.None));
        List<Stream> silent = [];
        for (int i = 0; i < 20; i++)
        {
            silent.Add(place.Connect());
            using Stream hangsUp = place.Connect();
            using Stream guesses = place.Connect();
            guesses.Write(new byte[WorkerBootstrap.SecretLength]);
            Assert.Equal(0, ReadUntilEnd(guesses));
        }

        using Stream worker = place.Connect();
        worker.Write(place.Bootstrap.WorkerSecret.Span);
        byte[] answer = new byte[WorkerBootstrap.SecretLength];
        worker.ReadExactly(answer);
        Assert.Equal(place.Bootstrap.CallerSecret.ToArray(), answer);
        using Stream accepted = await Bounded.Await(accepting);
        worker.WriteByte(7);
        Assert.Equal(7, accepted.ReadByte());
        silent.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task A_secret_is_good_for_one_connection()
    {
        using Place place = new(overPipe: false);
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Bootstrap, CancellationToken.None));
        using Stream worker = place.Connect();
        worker.Write(place.Bootstrap.WorkerSecret.Span);
        using Stream accepted = await Bounded.Await(accepting);
        using Stream replay = place.Connect();
        replay.Write(place.Bootstrap.WorkerSecret.Span);
        Assert.True(ReadUntilEnd(replay) <= WorkerBootstrap.SecretLength);
        worker.WriteByte(1);
        worker.ReadExactly(new byte[WorkerBootstrap.SecretLength]);
        Assert.Equal(1, accepted.ReadByte());
    }

    [Fact]
    public async Task The_wait_can_be_ended()
    {
        using Place place = new(overPipe: false);
        using CancellationTokenSource stop = new();
        Task<Stream> accepting = Bounded.Run(() => place.Listener.Accept(place.Bootstrap, stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Await(accepting));
    }

    [Fact]
    public void Nobody_else_may_enter_the_place_and_nothing_is_left_of_it()
    {
        ConnectionSetup place = ConnectionSetup.Open();
        string folder = Path.GetDirectoryName(place.Bootstrap.CrashMarkerPath)!;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        using (CrashMarker crashMarker = place.TakeCrashMarker())
        using (CrashMarker workers = CrashMarker.Open(place.Bootstrap.CrashMarkerPath))
        {
            place.Dispose();
            Assert.False(Directory.Exists(folder));
            workers.Start(5);
            Assert.Equal(5, crashMarker.Running);
            workers.Finish(5);
            Assert.Equal(0, crashMarker.Running);
        }
    }

    [Fact]
    public void What_a_worker_is_told_it_reads_again()
    {
        WorkerBootstrap told = WorkerBootstrap.Create("/tmp/ä b/socket", "/tmp/ä b/crashMarker");
        WorkerBootstrap read = WorkerBootstrap.Read(new MemoryStream(told.ToBytes()));
        Assert.Equal(told.Endpoint, read.Endpoint);
        Assert.Equal(told.CrashMarkerPath, read.CrashMarkerPath);
        Assert.Equal(told.WorkerSecret.ToArray(), read.WorkerSecret.ToArray());
        Assert.Equal(told.CallerSecret.ToArray(), read.CallerSecret.ToArray());
        Assert.NotEqual(told.WorkerSecret.ToArray(), told.CallerSecret.ToArray());
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
            Bootstrap = WorkerBootstrap.Create(Listener.Endpoint, "none");
        }

        public LocalListener Listener { get; }

        public WorkerBootstrap Bootstrap { get; }

        public Stream Connect() => _overPipe ? PipeListener.Connect(Listener.Endpoint) : SocketListener.Connect(Listener.Endpoint);

        public void Dispose()
        {
            Listener.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
