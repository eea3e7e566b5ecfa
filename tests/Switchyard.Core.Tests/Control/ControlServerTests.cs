using System.Net.Sockets;
using Switchyard.Core.Harness;
using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>How a session is found by others of its user, and by nobody else.</summary>
public sealed class ControlServerTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    // No system gives a process this number.
    private const string Gone = "switchyard-2147483647-";

    private readonly List<ControlRequest> _asked = [];
    private readonly string _folder = PrivateFolder.UseFindable(folder => folder);

    public void Dispose() => PrivateFolder.Remove(_folder);

    [Fact]
    public async Task A_session_listens_once_it_is_asked_to_and_answers_until_it_ends()
    {
        SessionFile.WriteEmpty(_folder);
        Session session = Assert.Single(PrivateFolder.Find(SessionFile.Name).Where(found => found.Folder == _folder).Select(found => new Session(found.ProcessId, found.Folder)));
        Assert.False(SessionFile.IsAsked(_folder));
        Task<ControlReply?> asking = Bounded.Run(() => session.Ask(new ControlRequest(ControlAction.List)));
        Bounded.Until(() => SessionFile.IsAsked(_folder), "it is asked to listen");
        using (CreateServer())
        {
            Assert.Equal(1, Assert.Single((await Bounded.Await(asking))!.Batches).Number);
            Assert.Equal(ControlResult.Done, session.Ask(new ControlRequest(ControlAction.SetThrottle, 3, 500))!.Result);
            Assert.Equal([new ControlRequest(ControlAction.List), new ControlRequest(ControlAction.SetThrottle, 3, 500)], _asked);
        }

        PrivateFolder.Remove(_folder);
        Assert.Null(session.Ask(new ControlRequest(ControlAction.List)));
    }

    [Fact]
    public void One_that_was_asked_and_does_not_listen_is_not_waited_for()
    {
        SessionFile.WriteEmpty(_folder);
        IOException exception = Assert.Throws<IOException>(() => SessionFile.Await(_folder, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(Messages.SessionSilent, exception.Message);
    }

    [Fact]
    public void A_client_that_is_there_when_it_ends_is_told()
    {
        ControlServer server = CreateServer();
        using ControlConnection connection = ControlConnection.Open(EndpointIn(_folder), _limit);
        connection.Ask(new ControlRequest(ControlAction.List));
        server.Dispose();
        Assert.ThrowsAny<IOException>(() => connection.Ask(new ControlRequest(ControlAction.List)));
    }

    [Fact]
    public async Task What_is_no_request_ends_its_connection_and_no_other()
    {
        using ControlServer server = CreateServer();
        LocalEndpoint endpoint = EndpointIn(_folder);
        using ControlConnection other = ControlConnection.Open(endpoint, _limit);
        foreach (byte[] wrong in new byte[][] { [1, 0, 0, 0, (byte)FrameKind.ControlRequest, 99], [0, 0, 0, 0, (byte)FrameKind.Heartbeat], [255, 255, 255, 255, 1], [0, 0, 0, 127, (byte)FrameKind.ControlRequest] })
        {
            using Stream stream = LocalListener.Connect(endpoint);
            stream.Write(wrong);
            stream.Flush();
            Assert.Equal(0, await Bounded.Await(Bounded.Run(() => ReadToEnd(stream))));
        }

        Assert.Empty(_asked);
        Assert.Single(other.Ask(new ControlRequest(ControlAction.List)).Batches);
    }

    [Fact]
    public void Who_does_not_know_the_secret_is_not_answered()
    {
        using ControlServer server = CreateServer();
        LocalEndpoint endpoint = EndpointIn(_folder);
        Assert.ThrowsAny<IOException>(() => ControlConnection.Open(LocalEndpoint.Create(endpoint.Name), _limit));
        Assert.Empty(_asked);
    }

    [Fact]
    public void A_session_that_does_not_answer_is_not_waited_for()
    {
        // It accepts, as a stopped process does, and says nothing.
        using LocalListener listener = LocalListener.Open(_folder);
        IOException exception = Assert.Throws<IOException>(() => ControlConnection.Open(LocalEndpoint.Create(listener.Name), TimeSpan.FromMilliseconds(100)));
        Assert.Equal(Messages.SessionSilent, exception.Message);
    }

    [Fact]
    public void What_a_killed_session_left_is_removed_when_others_look()
    {
        string left = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_folder)!, Gone + Guid.NewGuid().ToString("N"))).FullName;
        SessionFile.Write(left, LocalEndpoint.Create(Path.Combine(left, LocalListener.SocketName)));
        Assert.DoesNotContain(PrivateFolder.Find(SessionFile.Name), found => found.Folder == left);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void A_folder_that_others_may_enter_is_passed_over()
    {
        SessionFile.WriteEmpty(_folder);
        Assert.Contains(PrivateFolder.Find(SessionFile.Name), found => found.Folder == _folder);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("A user's temporary folder is private there.");
            return;
        }

        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        Assert.DoesNotContain(PrivateFolder.Find(SessionFile.Name), found => found.Folder == _folder);
    }

    [Fact]
    public void A_file_that_is_none_names_no_session()
    {
        File.WriteAllBytes(Path.Combine(_folder, SessionFile.Name), [1, 200, 7]);
        Assert.Null(SessionFile.Await(_folder, _limit));
        File.WriteAllBytes(Path.Combine(_folder, SessionFile.Name), [2]);
        Assert.Null(SessionFile.Await(_folder, _limit));
        Assert.Null(SessionFile.Await(Path.Combine(_folder, "gone"), _limit));
    }

    // What another user has put where sessions are looked for. Only an administrator can play that user.
    [Fact]
    public void Another_users_session_is_not_talked_to()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !File.Exists("/usr/bin/python3"))
        {
            Assert.Skip("It takes an administrator, and Python to be another user with.");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        string socket = Path.Combine(folder, "socket");
        const string Listen = "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('ready', flush=True); sys.stdin.read()";
        using System.Diagnostics.Process other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/python3", ["-c", Listen, socket]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("ready", other.StandardOutput.ReadLine());
            IOException exception = Assert.Throws<IOException>(() => LocalListener.ConnectToOwn(socket));
            Assert.Equal(Messages.ListenerNotCaller, exception.Message);
        }
        finally
        {
            other.StandardInput.Close();
            other.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LocalEndpoint EndpointIn(string folder) => SessionFile.Await(folder, _limit)!;

    private static int ReadToEnd(Stream stream)
    {
        try
        {
            return stream.Read(new byte[1]);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Reset, as it was closed before it had read all.
            return 0;
        }
    }

    private ControlServer CreateServer() => new(_folder, request =>
    {
        _asked.Add(request);
        return new ControlReply(ControlResult.Done, [SampleStatus.Create()]);
    });
}
