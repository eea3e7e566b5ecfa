using System.Security.Cryptography;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Transports;

/// <summary>
/// What a worker process is told on its standard input, which nobody but the caller writes and nothing that the worker starts will
/// read: where to connect, and by what the two ends recognize each other.
/// </summary>
public sealed class WorkerBootstrap
{
    /// <summary>Bytes of each of the two secrets.</summary>
    public const int SecretLength = 32;

    /// <summary>The name of the socket or pipe.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the worker shows first. It is good for one connection.</summary>
    public required ReadOnlyMemory<byte> WorkerSecret { get; init; }

    /// <summary>What the caller answers.</summary>
    public required ReadOnlyMemory<byte> CallerSecret { get; init; }

    /// <summary>The file of the crashMarker.</summary>
    public required string CrashMarkerPath { get; init; }

    /// <summary>Makes one with secrets of its own.</summary>
    /// <param name="endpoint">The name of the socket or pipe.</param>
    /// <param name="crashMarkerPath">The file of the crashMarker.</param>
    /// <returns>The bootstrap.</returns>
    public static WorkerBootstrap Create(string endpoint, string crashMarkerPath) => new()
    {
        Endpoint = endpoint,
        CrashMarkerPath = crashMarkerPath,
        WorkerSecret = RandomNumberGenerator.GetBytes(SecretLength),
        CallerSecret = RandomNumberGenerator.GetBytes(SecretLength),
    };

    /// <summary>Reads what the caller wrote, to its end.</summary>
    /// <param name="input">The standard input.</param>
    /// <returns>The bootstrap.</returns>
    /// <exception cref="MalformedFrameException">It is something else.</exception>
    public static WorkerBootstrap Read(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using MemoryStream bytes = new();
        input.CopyTo(bytes);
        WireReader reader = new();
        reader.Reset(bytes.GetBuffer(), 0, (int)bytes.Length, []);
        string endpoint = reader.ReadText();
        string crashMarker = reader.ReadText();
        byte[] worker = reader.ReadRaw(SecretLength).ToArray();
        byte[] caller = reader.ReadRaw(SecretLength).ToArray();
        return new WorkerBootstrap
        {
            Endpoint = endpoint, CrashMarkerPath = crashMarker, WorkerSecret = worker, CallerSecret = caller,
        };
    }

    /// <summary>The bytes for a worker's standard input.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToBytes()
    {
        WireWriter writer = new();
        writer.WriteString(Endpoint);
        writer.WriteString(CrashMarkerPath);
        writer.WriteRaw(WorkerSecret.Span);
        writer.WriteRaw(CallerSecret.Span);
        return writer.ToArray();
    }
}
