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
            return number < _seen.Count && _seen.IsThere(number) ? _seen[number] : throw new MalformedFrameException(Messages.ValueReferenceUnknown);
        }

        if (tag == ValueTag.Numbered)
        {
            int number = _seen.Reserve();
            object read = values.ReadValue(reader) ?? throw ValueReader.Unknown();
            if (read is PSObject wrapper)
            {
                // Collections of files are seldom of wrapped ones.
                InstanceMembers.Bare(wrapper);
            }

            return _seen[number] = read;
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
            ValueTag.Grid => ReadGrid(reader),
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
            items.SetValue(Fit(values.ReadValue(reader), element), i);
        }

        return items;
    }

    private Array ReadGrid(WireReader reader)
    {
        Type element = FindType(reader);
        int[] bounds = new int[reader.ReadCount()];
        int[] lengths = new int[bounds.Length];
        long count = 1;
        for (int i = 0; i < bounds.Length; i++)
        {
            bounds[i] = (int)reader.ReadSigned();
            lengths[i] = reader.ReadCount(0);
            count = checked(count * lengths[i]);
        }

        // As many as there are bytes for, before there is room for any.
        if (reader.ReadCount() != count || bounds.Length == 0)
        {
            throw new MalformedFrameException(Messages.ArrayLength);
        }

        Array grid = Array.CreateInstance(element, lengths, bounds);
        _seen.Add(grid);
        int[] at = [.. bounds];
        for (; count > 0; count--)
        {
            grid.SetValue(Fit(values.ReadValue(reader), element), at);
            for (int i = bounds.Length - 1; i >= 0 && ++at[i] == bounds[i] + lengths[i]; i--)
            {
                at[i] = bounds[i];
            }
        }

        return grid;
    }

    /// <summary>Makes a value what an element of a collection has to be: with a wrapper or without.</summary>
    private static object? Fit(object? value, Type element)
    {
        if (value is null || element == typeof(object))
        {
            return value;
        }

        if (element == typeof(PSObject))
        {
            return PSObject.AsPSObject(value);
        }

        return value is PSObject wrapper && !element.IsInstanceOfType(value) ? InstanceMembers.Bare(wrapper) : value;
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
        IDictionary dictionary = CollectionKinds.MakeDictionary(type, comparer) ?? throw ValueReader.Unknown();
        return ReadEntries(reader, dictionary, type.GenericTypeArguments[0], type.GenericTypeArguments[1]);
    }

    private IDictionary ReadEntries(WireReader reader, IDictionary dictionary) => ReadEntries(reader, dictionary, typeof(object), typeof(object));

    private IDictionary ReadEntries(WireReader reader, IDictionary dictionary, Type keys, Type items)
    {
        int count = reader.ReadCount(2);
        _seen.Add(dictionary);
        for (; count > 0; count--)
        {
            object key = values.ReadValue(reader) ?? throw new MalformedFrameException(Messages.DictionaryKeyNull);
            object? value = values.ReadValue(reader);
            dictionary[Fit(key, keys)!] = Fit(value, items);
        }

        return dictionary;
    }

    private object ReadCollection(WireReader reader)
    {
        Type type = FindType(reader);
        Type element = type.IsGenericType ? type.GenericTypeArguments[0] : typeof(object);
        object items = CollectionKinds.MakeSequence(type, Comparers.Read(reader), out Action<object?> add) ?? throw ValueReader.Unknown();
        int count = reader.ReadCount();
        _seen.Add(items);
        for (; count > 0; count--)
        {
            add(Fit(values.ReadValue(reader), element));
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
        int number = _seen.Reserve();
        object inner = values.ReadValue(reader) ?? throw new MalformedFrameException(Messages.ValueWithoutBase);

        // What came as its properties is nothing but these: they are the wrapper's own.
        PSObject value = _seen.IsThere(number) ? (PSObject)_seen[number] : inner as PSObject ?? new PSObject(inner);
        _seen[number] = value;
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
        bool isDeserialized = InstanceMembers.IsDeserialized(value);
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = _names.Read(reader);
            object? note = values.ReadValue(reader);
            if (isDeserialized)
            {
                properties.Remove(name);
            }

            properties.Add(new PSNoteProperty(name, note), preValidated: true);
        }
    }

    private static Type FindType(WireReader reader)
    {
        string name = reader.ReadText();
        return TypeNames.Find(name) ?? throw new TypeLoadException(MessageText.Format(Messages.ValueTypeNotFound, name));
    }

    /// <summary>Gives a number to what was read.</summary>
    public object? Remember(object? value)
    {
        _seen[_seen.Reserve()] = value!;
        return value;
    }

    private object ReadRecord(WireReader reader)
    {
        RecordKind kind = (RecordKind)reader.ReadByte();
        return kind == RecordKind.Output
            ? throw ValueReader.Unknown()
            : new RecordCodec(values.ForValuesIn(_depth)).Read(reader, kind, item: null)!;
    }
}
