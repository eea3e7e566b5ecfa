using Switchyard.Core.Protocol;

namespace Switchyard.Core.Transports;

/// <summary>What a worker process is told on its standard input, which only its caller writes and none of its own children read.</summary>
internal sealed record WorkerBootstrap(LocalEndpoint Endpoint, string? CrashMarkerPlace)
{
    /// <summary>Reads what the caller wrote, to its end.</summary>
    /// <exception cref="MalformedFrameException">It is something else.</exception>
    public static WorkerBootstrap Read(Stream input)
    {
        using MemoryStream bytes = new();
        input.CopyTo(bytes);
        WireReader reader = new();
        reader.Reset(bytes.GetBuffer(), 0, (int)bytes.Length, []);
        return new WorkerBootstrap(LocalEndpoint.Read(reader), reader.ReadString());
    }

    public byte[] ToBytes()
    {
        WireWriter writer = new();
        Endpoint.Write(writer);
        writer.WriteString(CrashMarkerPlace);
        return writer.ToArray();
    }
}
