using System.Collections.Specialized;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Containers;

/// <summary>Reads values that hold values, as a <see cref="ContainerWriter"/> has written them.</summary>
internal sealed class ContainerReader(ValueReader values)
{
    private readonly SeenObjects _seen = new();
    private readonly NameCache _names = new();
    private int _depth;

    /// <summary>Begins a value that nothing has been read of.</summary>
    public void Begin(int depth)
    {
        _seen.Clear();
        _depth = depth;
    }

    public object Read(WireReader reader, ValueTag tag)
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
            _ => throw ValueReader.Unknown(),
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
            items[i] = values.ReadValue(reader);
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
            object? item = values.ReadValue(reader);
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
            items.Add(values.ReadValue(reader));
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
        return ReadEntries(reader, CollectionKinds.MakeDictionary(type, comparer) ?? throw ValueReader.Unknown());
    }

    private IDictionary ReadEntries(WireReader reader, IDictionary dictionary)
    {
        int count = reader.ReadCount(2);
        _seen.Add(dictionary);
        for (; count > 0; count--)
        {
            object key = values.ReadValue(reader) ?? throw new MalformedFrameException(Messages.DictionaryKeyNull);
            object? value = values.ReadValue(reader);
            dictionary[key] = value;
        }

        return dictionary;
    }

    private object ReadCollection(WireReader reader)
    {
        object items = CollectionKinds.MakeSequence(FindType(reader), out Action<object?> add) ?? throw ValueReader.Unknown();
        int count = reader.ReadCount();
        _seen.Add(items);
        for (; count > 0; count--)
        {
            object? item = values.ReadValue(reader);
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
            members.Add(new PSNoteProperty(name, values.ReadValue(reader)), preValidated: true);
        }

        return value;
    }

    private PSObject ReadDecorated(WireReader reader)
    {
        object inner = values.ReadValue(reader) ?? throw new MalformedFrameException(Messages.ValueWithoutBase);
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
            object? note = values.ReadValue(reader);
            properties.Add(new PSNoteProperty(name, note), preValidated: true);
        }
    }

    private static Type FindType(WireReader reader)
    {
        string name = reader.ReadText();
        return TypeNames.Find(name) ?? throw new TypeLoadException(MessageText.Format(Messages.ValueTypeNotFound, name));
    }

    private object ReadRecord(WireReader reader)
    {
        RecordKind kind = (RecordKind)reader.ReadByte();
        return kind == RecordKind.Output
            ? throw ValueReader.Unknown()
            : new RecordCodec(values.ForValuesIn(_depth)).Read(reader, kind, item: null)!;
    }
}
