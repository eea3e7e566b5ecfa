using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Engine;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>Reads what a <see cref="ValueWriter"/> has written. For one thread at a time.</summary>
/// <param name="providers">The drives and providers of the session that values come to.</param>
/// <param name="readShared">Reads what an <see cref="ISharedReference"/> wrote; null where none can come.</param>
internal sealed class ValueReader(ProviderObjects providers, Func<WireReader, object>? readShared = null)
{
    private readonly SeenObjects _seen = new();
    private readonly NameCache _names = new();
    private int _outerDepth;
    private int _depth;

    /// <summary>Reads a value.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The value.</returns>
    /// <exception cref="MalformedFrameException">What is there is no value.</exception>
    /// <remarks>What it throws otherwise says that this value cannot be here, such as one of a type that is not known.</remarks>
    public object? Read(WireReader reader)
    {
        _seen.Clear();
        _depth = _outerDepth;
        return ReadValue(reader);
    }

    private object? ReadValue(WireReader reader)
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
                return ProviderNotes.Add(new FileInfo(reader.ReadText()), reader.ReadString(), reader.ReadBoolean(), providers);
            case ValueTag.ProviderDirectory:
                return ProviderNotes.Add(new DirectoryInfo(reader.ReadText()), reader.ReadString(), reader.ReadBoolean(), providers);
            case ValueTag.Bytes:
                return reader.ReadBytes();
            case <= ValueTag.Guid:
                return ReadSimple(reader, tag);
            case ValueTag.Version:
                return ReadVersion(reader);
            case >= ValueTag.Objects and <= ValueTag.Record or ValueTag.Seen:
                return ReadContainer(reader, tag);
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

    private static MalformedFrameException Unknown() => new(Messages.ValueOfNoKind);

    private object? ReadObject(WireReader reader, ValueTag tag)
    {
        switch (tag)
        {
            case ValueTag.Uri:
                return new Uri(reader.ReadText(), reader.ReadBoolean() ? UriKind.Absolute : UriKind.Relative);
            case ValueTag.SemanticVersion:
                return LanguagePrimitives.ConvertTo(reader.ReadText(), ValueWriter.SemanticVersion, CultureInfo.InvariantCulture);
            case ValueTag.Address:
                return IPAddress.Parse(reader.ReadText());
            case ValueTag.Culture:
                return CultureInfo.GetCultureInfo(reader.ReadText());
            case ValueTag.Regex:
                return new Regex(reader.ReadText(), (RegexOptions)reader.ReadCount(0), TimeSpan.FromTicks(reader.ReadSigned()));
            case ValueTag.Drive:
                return providers.Drive(reader.ReadText());
            case ValueTag.Provider:
                return providers.Provider(reader.ReadText());
            case ValueTag.Enum:
                return ReadEnum(reader);
            case ValueTag.CliXml:
                return ReadCliXml(reader);
            case ValueTag.Credential:
                return ReadCredential(reader);
            case ValueTag.Shared:
                return readShared is null ? throw Unknown() : readShared(reader);
            case ValueTag.Type:
                string name = reader.ReadText();

                // Where it is not known, its name is what scripts convert from.
                return (object?)TypeNames.Find(name) ?? name.Split(',')[0];
            default:
                throw Unknown();
        }
    }

    private PSCredential ReadCredential(WireReader reader)
    {
        string? user = reader.ReadString();
        return ReadValue(reader) is SecureString password && user is not null ? new PSCredential(user, password) : PSCredential.Empty;
    }

    private object ReadRecord(WireReader reader)
    {
        RecordKind kind = (RecordKind)reader.ReadByte();
        return kind == RecordKind.Output
            ? throw Unknown()
            : new RecordCodec(new ValueReader(providers, readShared) { _outerDepth = _depth }).Read(reader, kind, item: null)!;
    }

    private static object ReadEnum(WireReader reader)
    {
        string name = reader.ReadText();
        long value = reader.ReadSigned();
        string text = reader.ReadText();

        // Where its type is not known, its name is what scripts compare with.
        return TypeNames.Find(name) is { IsEnum: true } type ? Enum.ToObject(type, value) : text;
    }

    private static object? ReadCliXml(WireReader reader)
    {
        object? value = PSSerializer.Deserialize(reader.ReadText());

        // What stands for something else by itself is not to be taken for a bag of properties.
        return value is PSObject { BaseObject: not PSCustomObject } wrapper && InstanceMembers.Of(wrapper) is null && !InstanceMembers.HasTypeNames(wrapper)
            ? wrapper.BaseObject
            : value;
    }

    private object ReadContainer(WireReader reader, ValueTag tag)
    {
        if (tag == ValueTag.Seen)
        {
            int number = reader.ReadCount(0);
            return number < _seen.Count ? _seen[number] : throw new MalformedFrameException(Messages.ValueReferenceUnknown);
        }

        if (++_depth > ValueWriter.MaxDepth + 1)
        {
            throw new MalformedFrameException(Messages.ReceivedValueTooDeep);
        }

        object value = tag switch
        {
            ValueTag.Objects => ReadObjects(reader),
            ValueTag.Primitives => Primitives.Read(reader, reader.ReadByte()),
            ValueTag.TypedArray => ReadTypedArray(reader),
            ValueTag.List => ReadList(reader, new List<object?>()),
            ValueTag.ArrayList => ReadList(reader, new ArrayList()),
            ValueTag.Hashtable => ReadHashtable(reader),
            ValueTag.OrderedDictionary => ReadEntries(reader, new OrderedDictionary(Comparers.Read(reader))),
            ValueTag.Dictionary => ReadDictionary(reader),
            ValueTag.Collection => ReadCollection(reader),
            ValueTag.CustomObject => ReadCustomObject(reader),
            ValueTag.Decorated => ReadDecorated(reader),
            ValueTag.Record => ReadRecord(reader),
            _ => throw Unknown(),
        };
        _depth--;
        return value;
    }

    private object?[] ReadObjects(WireReader reader)
    {
        object?[] items = new object?[reader.ReadCount()];
        _seen.Add(items);
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = ReadValue(reader);
        }

        return items;
    }

    private Array ReadTypedArray(WireReader reader)
    {
        Type element = FindType(reader);
        Array items = Array.CreateInstance(element, reader.ReadCount());
        _seen.Add(items);
        for (int i = 0; i < items.Length; i++)
        {
            object? item = ReadValue(reader);
            items.SetValue(element == typeof(PSObject) && item is not null ? PSObject.AsPSObject(item) : item, i);
        }

        return items;
    }

    private IList ReadList(WireReader reader, IList items)
    {
        int count = reader.ReadCount();
        _seen.Add(items);
        for (; count > 0; count--)
        {
            items.Add(ReadValue(reader));
        }

        return items;
    }

    private IDictionary ReadHashtable(WireReader reader)
    {
        StringComparer? comparer = Comparers.Read(reader);
        return ReadEntries(reader, comparer is null ? new Hashtable() : new Hashtable(comparer));
    }

    private IDictionary ReadDictionary(WireReader reader)
    {
        Type type = FindType(reader);
        StringComparer? comparer = Comparers.Read(reader);
        return ReadEntries(reader, CollectionKinds.MakeDictionary(type, comparer) ?? throw Unknown());
    }

    private IDictionary ReadEntries(WireReader reader, IDictionary dictionary)
    {
        int count = reader.ReadCount(2);
        _seen.Add(dictionary);
        for (; count > 0; count--)
        {
            object key = ReadValue(reader) ?? throw new MalformedFrameException(Messages.DictionaryKeyNull);
            object? value = ReadValue(reader);
            dictionary[key] = value;
        }

        return dictionary;
    }

    private object ReadCollection(WireReader reader)
    {
        object items = CollectionKinds.MakeSequence(FindType(reader), out Action<object?> add) ?? throw Unknown();
        int count = reader.ReadCount();
        _seen.Add(items);
        for (; count > 0; count--)
        {
            object? item = ReadValue(reader);
            add(item);
        }

        return items;
    }

    private PSObject ReadCustomObject(WireReader reader)
    {
        PSObject value = new();
        _seen.Add(value);
        ReadTypeNames(reader, value);
        PSMemberInfoCollection<PSMemberInfo>? members = InstanceMembers.BeginCustomObject(value);
        if (members is null)
        {
            ReadNotes(reader, value);
            return value;
        }

        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = _names.Read(reader);
            members.Add(new PSNoteProperty(name, ReadValue(reader)), preValidated: true);
        }

        return value;
    }

    private PSObject ReadDecorated(WireReader reader)
    {
        object inner = ReadValue(reader) ?? throw new MalformedFrameException(Messages.ValueWithoutBase);
        PSObject value = new(inner is PSObject wrapper ? wrapper.BaseObject : inner);
        ReadTypeNames(reader, value);
        ReadNotes(reader, value);
        return value;
    }

    private void ReadTypeNames(WireReader reader, PSObject value)
    {
        int count = reader.ReadCount();
        if (count == 0)
        {
            return;
        }

        value.TypeNames.Clear();
        for (; count > 0; count--)
        {
            value.TypeNames.Add(_names.Read(reader));
        }
    }

    private void ReadNotes(WireReader reader, PSObject value)
    {
        PSMemberInfoCollection<PSPropertyInfo> properties = value.Properties;
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = _names.Read(reader);
            object? note = ReadValue(reader);
            properties.Add(new PSNoteProperty(name, note), preValidated: true);
        }
    }

    private static Type FindType(WireReader reader)
    {
        string name = reader.ReadText();
        return TypeNames.Find(name) ?? throw new TypeLoadException(MessageText.Format(Messages.ValueTypeNotFound, name));
    }
}
