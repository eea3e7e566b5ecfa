using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

public sealed class ItemRecallTests : IDisposable
{
    private readonly MemoryStream _sent = new();
    private readonly FrameStream _frames;
    private readonly ItemRecall _recall;

    public ItemRecallTests()
    {
        _frames = new FrameStream(_sent);
        _recall = new ItemRecall(_frames);
    }

    private int Requests => (int)_sent.Length / FrameLimits.HeaderLength;

    [Fact]
    public void One_request_is_out_at_a_time()
    {
        _recall.AskDuring(1);
        _recall.AskDuring(2);
        _recall.AskBehind(7);
        Assert.Equal(1, Requests);

        _recall.NoteAnswer();
        _recall.AskBehind(7);
        Assert.Equal(2, Requests);
    }

    [Fact]
    public void The_same_is_asked_once()
    {
        _recall.AskDuring(1);
        _recall.NoteAnswer();
        _recall.AskDuring(1);
        Assert.Equal(1, Requests);

        _recall.AskBehind(7);
        _recall.NoteAnswer();
        _recall.AskBehind(7);
        Assert.Equal(2, Requests);
    }

    [Fact]
    public void Nothing_is_sent_before_the_answer_and_nothing_is_asked_amid_sending()
    {
        Assert.True(_recall.TryBeginSending());
        _recall.AskDuring(1);
        Assert.Equal(0, Requests);

        _recall.EndSending();
        _recall.AskDuring(1);
        Assert.Equal(1, Requests);
        Assert.False(_recall.TryBeginSending());

        _recall.NoteAnswer();
        Assert.True(_recall.TryBeginSending());
    }

    [Fact]
    public void Nothing_is_asked_once_the_batch_is_over()
    {
        _recall.End();
        _recall.AskDuring(1);

        Assert.Equal(0, Requests);
    }

    public void Dispose()
    {
        _frames.Dispose();
        _sent.Dispose();
    }
}
