using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Harness;

/// <summary>A caller whose items and records are numbers, texts and bytes.</summary>
internal sealed class FakeCalls : IRemoteCalls, IRemoteCodec
{
    /// <summary>What remote workers are told of the batch.</summary>
    public string Settings { get; init; } = "go";

    /// <summary>How many bytes an item takes along that are not read.</summary>
    public int Padding { get; init; }

    /// <summary>What remote workers can open streams to.</summary>
    public IReadOnlyDictionary<string, TunnelService> Services { get; init; } = new Dictionary<string, TunnelService>();

    /// <summary>Called before each record is read.</summary>
    public Action? OnRead { get; init; }

    public static object? Read(WireReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => (int)reader.ReadSigned(),
        2 => reader.ReadText(),
        3 => reader.ReadBytes(),
        _ => throw new MalformedFrameException("unknown"),
    };

    public static void Write(WireWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteByte(0);
                break;
            case int number:
                writer.WriteByte(1);
                writer.WriteSigned(number);
                break;
            case FileItem item:
                Write(writer, item.Value);
                break;
            case string text:
                writer.WriteByte(2);
                writer.WriteString(text);
                break;
            case byte[] bytes:
                writer.WriteByte(3);
                writer.WriteBytes(bytes);
                break;
            default:
                throw new NotSupportedException("cannot travel");
        }
    }

    public IReadOnlyDictionary<string, TunnelService> Begin(bool isFar) => Services;

    public void WriteBatch(WireWriter writer) => writer.WriteString(Settings);

    public IRemoteCodec CreateCodec(int number) => this;

    public void WriteItem(WireWriter writer, in BatchItem item)
    {
        Write(writer, item.Input);
        writer.WriteRaw(new byte[Math.Min(Padding, 10_000)]);
        writer.WriteBytes(new byte[Padding]);
    }

    public bool ReadRecord(WireReader reader, RecordKind kind, in BatchItem item, IItemSink sink)
    {
        OnRead?.Invoke();
        sink.Write(kind, Read(reader));
        return true;
    }

    public WorkerStartException ReadFailure(WireReader reader, string worker) => new(reader.ReadText());

    public object ItemNotSent(object? item, Exception cause) => "item: " + cause.Message;

    public object RecordNotRead(object? item, Exception cause) => "record: " + cause.Message;

    public object WorkerDied(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors) =>
        $"{worker} died of {reason.SignalName ?? reason.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture)} at {item}";

    public WorkerStartException CannotStart(TransportStartException cause) => new("cannot start: " + cause.Message, cause);

    public WorkerStartException CannotStart(TransportStartException cause, string host) => new($"cannot start on {host}: {cause.Message}", cause);

    public object HostLost(string host, WorkerStartException cause) => $"{host} is lost: {cause.Message}";

    public WorkerStartException NoHost(IReadOnlyList<(string Host, WorkerStartException Cause)> failures) =>
        new("no host: " + string.Join("; ", failures.Select(failure => failure.Cause.Message)));

    public void WriteOutputLine(string line, bool isError)
    {
    }
}
