using CsCheck;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Control;

public sealed class StatusFormatTests
{
    [Fact]
    public void What_arrives_is_what_was_sent()
    {
        BatchStatus sent = SampleStatus.Create();
        ControlReply arrived = ControlReply.Read(ReaderOf(BytesOf(new ControlReply(ControlResult.Done, [sent, sent]))));
        Assert.Equal(ControlResult.Done, arrived.Result);
        Assert.Equal(2, arrived.Batches.Count);
        Assert.All(arrived.Batches, batch => Assert.Equal(Values(sent), Values(batch)));
        Assert.Equal(sent.Workers, arrived.Batches[0].Workers);
        Assert.Equal(sent.Slowest, arrived.Batches[0].Slowest);
        Assert.Equal(sent.FailedItems, arrived.Batches[0].FailedItems);
    }

    [Fact]
    public void Nothing_that_arrives_does_more_than_be_refused()
    {
        byte[] right = BytesOf(new ControlReply(ControlResult.Done, [SampleStatus.Create()]));
        Gen.Select(Gen.Int[0, right.Length - 1], Gen.Byte, Gen.Int[0, right.Length]).Sample((place, value, length) =>
        {
            byte[] wrong = [.. right];
            wrong[place] = value;
            try
            {
                ControlReply.Read(ReaderOf(wrong[..length]));
            }
            catch (MalformedFrameException)
            {
                // As it should be.
            }
        });
        Gen.Byte.Array[0, 30].Sample(bytes =>
        {
            try
            {
                ControlRequest.Read(ReaderOf(bytes));
            }
            catch (MalformedFrameException)
            {
                // As it should be.
            }
        });
    }

    private static object?[] Values(BatchStatus status) =>
    [
        status.Id, status.Command, status.Work, status.JobName, status.State, status.Read, status.Done, status.Failed, status.Running, status.Waiting, status.Total, status.Rate,
        status.TimeLeft, status.TimeLeftText, status.ThrottleLimit, status.IsAdjusted, status.StartedAt, status.Elapsed, status.CpuPercent, status.Memory,
    ];

    private static byte[] BytesOf(ControlReply reply)
    {
        WireWriter writer = new();
        reply.Write(writer);
        return writer.ToArray();
    }

    private static WireReader ReaderOf(byte[] bytes)
    {
        WireReader reader = new();
        reader.Reset(bytes, 0, bytes.Length, []);
        return reader;
    }
}
