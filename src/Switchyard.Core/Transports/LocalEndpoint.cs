using System.Security.Cryptography;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Transports;

/// <summary>Where a process of this machine listens, and the two secrets by which it and those that connect recognize each other.</summary>
internal sealed class LocalEndpoint
{
    /// <summary>Bytes of each of the two secrets.</summary>
    public const int SecretLength = 32;

    private LocalEndpoint(string name, ReadOnlyMemory<byte> clientSecret, ReadOnlyMemory<byte> serverSecret)
    {
        Name = name;
        ClientSecret = clientSecret;
        ServerSecret = serverSecret;
    }

    public string Name { get; }

    public ReadOnlyMemory<byte> ClientSecret { get; }

    public ReadOnlyMemory<byte> ServerSecret { get; }

    public static LocalEndpoint Create(string name) =>
        new(name, RandomNumberGenerator.GetBytes(SecretLength), RandomNumberGenerator.GetBytes(SecretLength));

    /// <exception cref="MalformedFrameException">What is there is none.</exception>
    public static LocalEndpoint Read(WireReader reader)
    {
        string name = reader.ReadText();
        byte[] client = reader.ReadRaw(SecretLength).ToArray();
        byte[] server = reader.ReadRaw(SecretLength).ToArray();
        return new LocalEndpoint(name, client, server);
    }

    public void Write(WireWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteRaw(ClientSecret.Span);
        writer.WriteRaw(ServerSecret.Span);
    }
}
