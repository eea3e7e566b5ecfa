using System.Net;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Codec.Containers;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>Reads what a <see cref="ValueWriter"/> has written. For one thread at a time.</summary>
internal sealed class ValueReader
{
    private readonly ProviderObjects _providers;
    private readonly Func<WireReader, object>? _readShared;
    private readonly ContainerReader _containers;
    private readonly int _outerDepth;

    /// <summary>Makes one for values that nothing holds.</summary>
    /// <param name="readShared">Reads what an <see cref="IWireObject"/> has written; null where none is expected.</param>
    public ValueReader(ProviderObjects providers, Func<WireReader, object>? readShared)
        : this(providers, readShared, 0)
    {
    }

    private ValueReader(ProviderObjects providers, Func<WireReader, object>? readShared, int outerDepth)
    {
        _providers = providers;
        _readShared = readShared;
        _containers = new ContainerReader(this);
        _outerDepth = outerDepth;
    }

    /// <summary>Makes one for values that others hold: what a record holds may hold the record.</summary>
    public ValueReader ForValuesIn(int depth) => new(_providers, _readShared, depth);

    /// <summary>Reads a value.</summary>
    /// <exception cref="MalformedFrameException">What is there is no value.</exception>
    /// <remarks>What it throws otherwise says that this value cannot be here, such as one of a type that is not known.</remarks>
    public object? Read(WireReader reader)
    {
        _containers.Begin(_outerDepth);
        return ReadValue(reader);
    }

    /// <summary>Reads a value that is part of the one that is being read.</summary>
    public object? ReadValue(WireReader reader)
    {
        ValueTag tag = (ValueTag)reader.ReadByte();
        switch (tag)
        {
            case ValueTag.Null:
                return null;
            case ValueTag.False:
                return false;
            case ValueTag.True:
                return true;
            case ValueTag.String:
                return reader.ReadText();
            case ValueTag.Int32:
                return (int)reader.ReadSigned();
            case ValueTag.Int64:
                return reader.ReadSigned();
            case ValueTag.Double:
                return BitConverter.Int64BitsToDouble(reader.ReadInt64());
            case ValueTag.File:
                return new FileInfo(reader.ReadText());
            case ValueTag.Directory:
                return new DirectoryInfo(reader.ReadText());
            case ValueTag.ProviderFile:
                return ProviderNotes.Add(new FileInfo(reader.ReadText()), reader.ReadString(), reader.ReadBoolean(), _providers);
            case ValueTag.ProviderDirectory:
                return ProviderNotes.Add(new DirectoryInfo(reader.ReadText()), reader.ReadString(), reader.ReadBoolean(), _providers);
            case ValueTag.Bytes:
                return reader.ReadBytes();
            case <= ValueTag.Guid:
                return ReadSimple(reader, tag);
            case ValueTag.Version:
                return ReadVersion(reader);
            case (>= ValueTag.Objects and <= ValueTag.Record) or ValueTag.Seen or ValueTag.Numbered:
                return _containers.Read(reader, tag);
            default:
                return ReadObject(reader, tag);
        }
    }

    private static object ReadSimple(WireReader reader, ValueTag tag) => tag switch
    {
        ValueTag.Byte => reader.ReadByte(),
        ValueTag.SByte => (sbyte)reader.ReadSigned(),
        ValueTag.Int16 => (short)reader.ReadSigned(),
        ValueTag.UInt16 => (ushort)reader.ReadVariable(),
        ValueTag.UInt32 => (uint)reader.ReadVariable(),
        ValueTag.UInt64 => reader.ReadVariable(),
        ValueTag.Single => BitConverter.Int32BitsToSingle((int)reader.ReadSigned()),
        ValueTag.Decimal => new decimal(
            [(int)reader.ReadSigned(), (int)reader.ReadSigned(), (int)reader.ReadSigned(), (int)reader.ReadSigned()]),
        ValueTag.BigInteger => new BigInteger(reader.ReadBytes()),
        ValueTag.Char => (char)reader.ReadVariable(),
        ValueTag.DateTime => new DateTime(reader.ReadInt64(), (DateTimeKind)reader.ReadByte()),
        ValueTag.DateTimeOffset => new DateTimeOffset(reader.ReadInt64(), TimeSpan.FromTicks(reader.ReadSigned())),
        ValueTag.TimeSpan => TimeSpan.FromTicks(reader.ReadSigned()),
        ValueTag.DateOnly => DateOnly.FromDayNumber((int)reader.ReadSigned()),
        ValueTag.TimeOnly => new TimeOnly(reader.ReadSigned()),
        ValueTag.Guid => new Guid(reader.ReadRaw(16)),
        _ => throw Unknown(),
    };

    private static Version ReadVersion(WireReader reader)
    {
        int major = (int)reader.ReadSigned();
        int minor = (int)reader.ReadSigned();
        int build = (int)reader.ReadSigned();
        int revision = (int)reader.ReadSigned();
        return build < 0 ? new Version(major, minor) : revision < 0 ? new Version(major, minor, build) : new Version(major, minor, build, revision);
    }

    /// <summary>What is there is no value.</summary>
    public static MalformedFrameException Unknown() => new(Messages.ValueOfNoKind);

    private object? ReadObject(WireReader reader, ValueTag tag)
    {
        switch (tag)
        {
            case ValueTag.Uri:
                return new Uri(reader.ReadText(), reader.ReadBoolean() ? UriKind.Absolute : UriKind.Relative);
            case ValueTag.SemanticVersion:
                return LanguagePrimitives.ConvertTo(reader.ReadText(), EngineMembers.SemanticVersion.Info, CultureInfo.InvariantCulture);
            case ValueTag.Address:
                return IPAddress.Parse(reader.ReadText());
            case ValueTag.Culture:
                return ReadCulture(reader.ReadText(), reader.ReadBoolean());
            case ValueTag.Regex:
                return new Regex(reader.ReadText(), (RegexOptions)reader.ReadCount(0), TimeSpan.FromTicks(reader.ReadSigned()));
            case ValueTag.Drive:
                return ReadDrive(reader);
            case ValueTag.Provider:
                return _providers.Provider(reader.ReadText());
            case ValueTag.Enum:
                return ReadEnum(reader);
            case ValueTag.CliXml:
                return _containers.Remember(CliXml.Read(reader));
            case ValueTag.Credential:
                return ReadCredential(reader);
            case ValueTag.Switch:
                return new SwitchParameter(reader.ReadBoolean());
            case ValueTag.Nothing:
                return Nothings.Read(reader);
            case ValueTag.Shared:
                return _readShared is null ? throw Unknown() : _readShared(reader);
            case ValueTag.Type:
                string name = reader.ReadText();

                // Where it is not known, its name is what scripts convert from.
                return (object?)TypeNames.Find(name) ?? name.Split(',')[0];
            default:
                throw Unknown();
        }
    }

    private PSDriveInfo? ReadDrive(WireReader reader)
    {
        string name = reader.ReadText();
        string provider = reader.ReadText();
        string root = reader.ReadText();
        string description = reader.ReadString() ?? string.Empty;
        return _providers.Drive(name) is { } known && known.Root == root ? known
            : _providers.Provider(provider) is { } here ? new PSDriveInfo(name, here, root, description, credential: null)
            : null;
    }

    private static CultureInfo ReadCulture(string name, bool isReadOnly) => isReadOnly ? CultureInfo.GetCultureInfo(name) : new CultureInfo(name);

    private PSCredential ReadCredential(WireReader reader)
    {
        string? user = reader.ReadString();
        return ReadValue(reader) is SecureString password && user is not null ? new PSCredential(user, password) : PSCredential.Empty;
    }

    private static object ReadEnum(WireReader reader)
    {
        string name = reader.ReadText();
        long value = reader.ReadSigned();
        string text = reader.ReadText();

        // Where its type is not known, its name is what scripts compare with.
        return TypeNames.Find(name) is { IsEnum: true } type ? Enum.ToObject(type, value) : text;
    }
}
