using System.Security.Cryptography;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Transports;

/// <summary>Where a process of this machine listens, and the two secrets by which it and those that connect recognize each other.</summary>
public sealed class LocalEndpoint
{
    /// <summary>Bytes of each of the two secrets.</summary>
    public const int SecretLength = 32;

    private LocalEndpoint(string name, ReadOnlyMemory<byte> clientSecret, ReadOnlyMemory<byte> serverSecret)
    {
        Name = name;
        ClientSecret = clientSecret;
        ServerSecret = serverSecret;
    }

    /// <summary>The name of the socket or pipe.</summary>
    public string Name { get; }

    /// <summary>What a client shows first.</summary>
    public ReadOnlyMemory<byte> ClientSecret { get; }

    /// <summary>What the server answers.</summary>
    public ReadOnlyMemory<byte> ServerSecret { get; }

    /// <summary>Makes one with new secrets.</summary>
    /// <param name="name">The name of the socket or pipe.</param>
    /// <returns>The endpoint.</returns>
    public static LocalEndpoint Create(string name) =>
        new(name, RandomNumberGenerator.GetBytes(SecretLength), RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>Reads one.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static LocalEndpoint Read(WireReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string name = reader.ReadText();
        byte[] client = reader.ReadRaw(SecretLength).ToArray();
        byte[] server = reader.ReadRaw(SecretLength).ToArray();
        return new LocalEndpoint(name, client, server);
    }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString(Name);
        writer.WriteRaw(ClientSecret.Span);
        writer.WriteRaw(ServerSecret.Span);
    }
}
