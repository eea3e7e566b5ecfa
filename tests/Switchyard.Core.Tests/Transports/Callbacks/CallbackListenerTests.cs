using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Transports.Callbacks;

public sealed class CallbackListenerTests
{
    [Fact]
    public async Task Connections_without_the_secret_hold_none_up()
    {
        using CallbackListener listener = Open();
        using CallbackInvitation invitation = listener.Invite();
        List<TcpClient> silent = [];
        for (int i = 0; i < 20; i++)
        {
            silent.Add(Connect(listener));
            using TcpClient hangsUp = Connect(listener);
            using TcpClient speaksPlainly = Connect(listener);
            speaksPlainly.GetStream().Write(invitation.Token);
            Assert.Equal(0, ReadUntilEnd(speaksPlainly.GetStream()));
            using Stream guesses = Encrypt(Connect(listener), listener.Describe(invitation));
            guesses.Write(new byte[CallbackInvitation.TokenLength]);
            Assert.Equal(0, ReadUntilEnd(guesses));
        }

        using Stream worker = Enter(listener, invitation);
        using Stream accepted = await Bounded.Run(() => invitation.Await(CancellationToken.None).Stream);
        await AssertConnected(worker, accepted);
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_token_is_good_for_as_many_connections_as_were_invited()
    {
        using CallbackListener listener = Open();
        using CallbackInvitation one = listener.Invite();
        using CallbackInvitation two = listener.Invite(2);
        using Stream first = Enter(listener, one);
        using Stream second = Enter(listener, two);
        using Stream third = Enter(listener, two);
        using Stream ofOne = await Bounded.Run(() => one.Await(CancellationToken.None).Stream);
        await AssertConnected(first, ofOne);

        // Each is checked on a thread of its own, so those that were invited have to be in before one that was not comes.
        using Stream a = await Bounded.Run(() => two.Await(CancellationToken.None).Stream);
        using Stream b = await Bounded.Run(() => two.Await(CancellationToken.None).Stream);
        foreach (CallbackInvitation invitation in new[] { one, two })
        {
            using Stream replay = Enter(listener, invitation);
            Assert.Equal(0, ReadUntilEnd(replay));
        }

        second.WriteByte(2);
        third.WriteByte(3);
        Assert.Equal(5, await Bounded.Run(() => a.ReadByte() + b.ReadByte()));
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_good_for_nothing()
    {
        using CallbackListener listener = Open();
        CallbackInvitation revoked = listener.Invite(2);
        using Stream early = Enter(listener, revoked);

        // Each has arrived when one that came after it is there.
        using CallbackInvitation other = listener.Invite();
        using Stream worker = Enter(listener, other);
        CallbackConnection connection = await Bounded.Run(() => other.Await(CancellationToken.None));
        using Stream accepted = connection.Stream;
        Assert.Equal("n1", connection.HostName);
        listener.Revoke(revoked);
        Assert.Equal(0, ReadUntilEnd(early));
        using Stream late = Enter(listener, revoked);
        Assert.Equal(0, ReadUntilEnd(late));
        await AssertConnected(worker, accepted);
    }

    [Fact]
    public async Task The_wait_can_be_ended()
    {
        using CallbackListener listener = Open();
        using CallbackInvitation invitation = listener.Invite();
        using CancellationTokenSource stop = new();
        Task<CallbackConnection> waiting = Bounded.Run(() => invitation.Await(stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Await(waiting));
    }

    [Fact]
    public void A_worker_knows_its_caller_from_another()
    {
        using CallbackListener listener = Open();
        using CallbackListener other = Open();
        using CallbackInvitation invitation = listener.Invite();
        Assert.Throws<AuthenticationException>(() => Encrypt(Connect(other), listener.Describe(invitation)));
    }

    [Fact]
    public async Task Who_waits_to_read_is_let_go_when_the_connection_is_closed()
    {
        using CallbackListener listener = Open();
        using CallbackInvitation invitation = listener.Invite();
        using Stream worker = Enter(listener, invitation);
        Stream accepted = await Bounded.Run(() => invitation.Await(CancellationToken.None).Stream);
        Task<Exception?> reading = Bounded.Run(() => Record.Exception(() => accepted.ReadByte()));
        accepted.Dispose();
        Exception? end = await Bounded.Await(reading);
        Assert.True(end is null or IOException or ObjectDisposedException, $"{end}");
        Assert.Equal(0, ReadUntilEnd(worker));
    }

    [Fact]
    public void It_listens_where_it_is_told_to()
    {
        // One after the other, both of them: a range may be in use by others.
        using CallbackListener first = new(new CallbackOptions { Interface = "127.0.0.1", Ports = [.. Enumerable.Range(38_000, 1000)] });
        using CallbackListener second = new(new CallbackOptions { Interface = "127.0.0.1", Ports = [.. Enumerable.Range(first.Port, 39_000 - first.Port)] });
        Assert.InRange(second.Port, first.Port + 1, 38_999);
        using CallbackInvitation invitation = second.Invite();
        Assert.EndsWith(",127.0.0.1", second.Describe(invitation), StringComparison.Ordinal);
        Assert.Equal(4, second.Describe(invitation).Split(',').Length);
        IOException taken = Assert.Throws<IOException>(() => new CallbackListener(new CallbackOptions { Interface = "127.0.0.1", Ports = [first.Port] }));
        Assert.Contains($"{first.Port}", taken.Message, StringComparison.Ordinal);
        IOException unknown = Assert.Throws<IOException>(() => new CallbackListener(new CallbackOptions { Interface = "no.such.interface.invalid" }));
        Assert.Contains("no.such.interface.invalid", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_worker_is_told_means_nothing_to_a_shell()
    {
        using CallbackListener listener = new(new CallbackOptions());
        using CallbackInvitation invitation = listener.Invite();
        Assert.Matches("^[0-9]+,[0-9A-F]{64},[0-9A-F]{64}(,[A-Za-z0-9.:_-]+)+$", listener.Describe(invitation));
    }

    private static CallbackListener Open() => new(new CallbackOptions { Interface = "127.0.0.1" });

    private static TcpClient Connect(CallbackListener listener)
    {
        TcpClient client = new() { NoDelay = true };
        client.Connect(IPAddress.Loopback, listener.Port);
        return client;
    }

    private static SslStream Encrypt(TcpClient client, string description)
    {
        SslStream stream = new(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate!.GetCertHashString(HashAlgorithmName.SHA256) == description.Split(',')[2]);
        stream.AuthenticateAsClient("switchyard");
        return stream;
    }

    private static SslStream Enter(CallbackListener listener, CallbackInvitation invitation)
    {
        SslStream stream = Encrypt(Connect(listener), listener.Describe(invitation));
        stream.Write(Convert.FromHexString(listener.Describe(invitation).Split(',')[1]));
        stream.Write([3, (byte)'n', (byte)'\n', (byte)'1']);
        return stream;
    }

    private static async Task AssertConnected(Stream worker, Stream accepted)
    {
        worker.WriteByte(7);
        Assert.Equal(7, await Bounded.Run(() => accepted.ReadByte()));
        accepted.WriteByte(8);
        Assert.Equal(8, await Bounded.Run(() => worker.ReadByte()));
    }

    private static int ReadUntilEnd(Stream stream)
    {
        try
        {
            return stream.Read(new byte[100]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
