using System.Collections.Specialized;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Containers;

/// <summary>Writes values that hold values: each object once, and as often as it is held its number.</summary>
internal sealed class ContainerWriter(ValueWriter values)
{
    private readonly SeenObjects _seen = new();
    private int _depth;

    /// <summary>Begins a value that nothing has been written of.</summary>
    public void Begin(int depth)
    {
        _seen.Clear();
        _depth = depth;
    }

    /// <summary>What a stream was merged into the output with, as by <c>2>&amp;1</c>.</summary>
    public void WriteRecord(WireWriter writer, object record)
    {
        RecordKind kind = RecordCodec.KindOf(record);
        ScalarWriter.WriteTag(writer, ValueTag.Record);
        writer.WriteByte((byte)kind);
        Enter();
        new RecordCodec(new ValueWriter(_depth)).Write(writer, kind, record, item: null);
        _depth--;
    }

    public void Write(WireWriter writer, object value)
    {
        Type type = value.GetType();
        bool isGeneric = type.IsGenericType;
        if (value is Array { Rank: 1 } array && (type.IsSZArray || type == typeof(object[])))
        {
            WriteArray(writer, array, type.GetElementType()!);
        }
        else if (type == typeof(Hashtable))
        {
            WriteDictionary(writer, ValueTag.Hashtable, (IDictionary)value, Comparers.Of((Hashtable)value), null);
        }
        else if (type == typeof(OrderedDictionary))
        {
            WriteDictionary(writer, ValueTag.OrderedDictionary, (IDictionary)value, Comparers.Of((OrderedDictionary)value), null);
        }
        else if (type == typeof(ArrayList))
        {
            WriteSequence(writer, ValueTag.ArrayList, value, null, (ICollection)value);
        }
        else if (isGeneric && CollectionKinds.IsDictionary(type) && LiveTypes.Contain(type) && TypeNames.NameOf(type) is { } dictionary)
        {
            WriteDictionary(writer, ValueTag.Dictionary, (IDictionary)value, CollectionKinds.ComparerOf(value), dictionary);
        }
        else if (type == typeof(List<object>))
        {
            WriteSequence(writer, ValueTag.List, value, null, (ICollection)value);
        }
        else if (isGeneric && CollectionKinds.IsSequence(type) && LiveTypes.Contain(type) && TypeNames.NameOf(type) is { } sequence && CollectionKinds.HasUsualComparer(value))
        {
            WriteSequence(writer, ValueTag.Collection, value, sequence, CollectionKinds.InOrderOfAdding(value));
        }
        else
        {
            CliXml.Write(writer, value);
        }
    }

    private void WriteArray(WireWriter writer, Array array, Type element)
    {
        if (Primitives.CodeOf(element) is var code && code >= 0)
        {
            ScalarWriter.WriteTag(writer, ValueTag.Primitives);
            writer.WriteByte((byte)code);
            Primitives.Write(writer, array);
        }
        else if (element == typeof(object))
        {
            WriteSequence(writer, ValueTag.Objects, array, null, array);
        }
        else if (LiveTypes.Contain(element) && TypeNames.NameOf(element) is { } name)
        {
            WriteSequence(writer, ValueTag.TypedArray, array, name, array);
        }
        else
        {
            // Of what its elements arrive as, the array can only be one of objects.
            WriteSequence(writer, ValueTag.Objects, array, null, array);
        }
    }

    private void WriteSequence(WireWriter writer, ValueTag tag, object value, string? typeName, ICollection items)
    {
        if (IsSeen(writer, value))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, tag);
        if (typeName is not null)
        {
            writer.WriteString(typeName);
        }

        writer.WriteCount(items.Count);
        Enter();
        if (value is object?[] array)
        {
            foreach (object? item in array)
            {
                values.WriteValue(writer, item);
            }
        }
        else
        {
            foreach (object? item in items)
            {
                values.WriteValue(writer, item);
            }
        }

        _depth--;
    }

    private void WriteDictionary(WireWriter writer, ValueTag tag, IDictionary dictionary, object? comparer, string? typeName)
    {
        if (IsSeen(writer, dictionary))
        {
            return;
        }

        WireMark mark = writer.Mark();
        ScalarWriter.WriteTag(writer, tag);
        if (typeName is not null)
        {
            writer.WriteString(typeName);
        }

        if (!Comparers.TryWrite(writer, comparer))
        {
            writer.Undo(mark);

            // Seen by its number only if it is written here, and CLIXML is no container of ours.
            throw new NotSupportedException(MessageText.Format(Messages.OwnComparerNotSent, dictionary.GetType().Name));
        }

        writer.WriteCount(dictionary.Count);
        Enter();
        foreach (DictionaryEntry entry in dictionary)
        {
            values.WriteValue(writer, entry.Key);
            values.WriteValue(writer, entry.Value);
        }

        _depth--;
    }

    public void WriteCustomObject(WireWriter writer, PSObject value)
    {
        IEnumerable<PSMemberInfo> members = InstanceMembers.Of(value) ?? [];
        if (!HasOnlyNotes(members, out int count))
        {
            CliXml.Write(writer, value);
            return;
        }

        if (IsSeen(writer, value))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, ValueTag.CustomObject);
        WriteTypeNames(writer, value);
        WriteNotes(writer, members, count);
    }

    public void WriteDecorated(WireWriter writer, PSObject wrapper, object value, IEnumerable<PSMemberInfo> members)
    {
        if (!HasOnlyNotes(members, out int count))
        {
            CliXml.Write(writer, wrapper);
            return;
        }

        if (ProviderNotes.AreSoMany(count) && value is FileSystemInfo file && ProviderNotes.TryFind(members, file, out string? drive, out bool hasStat))
        {
            ScalarWriter.WriteTag(writer, file is FileInfo ? ValueTag.ProviderFile : ValueTag.ProviderDirectory);
            writer.WriteString(file.FullName);
            writer.WriteString(drive);
            writer.WriteBoolean(hasStat);
            return;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Decorated);
        Enter();
        values.WriteValue(writer, value);
        _depth--;
        WriteTypeNames(writer, wrapper);
        WriteNotes(writer, members, count);
    }

    /// <summary>Whether members are values by themselves, which can be sent apart.</summary>
    public static bool HasOnlyNotes(IEnumerable<PSMemberInfo> members, out int count)
    {
        count = 0;
        foreach (PSMemberInfo member in members)
        {
            if (member is PSNoteProperty)
            {
                count++;
            }
            else if (!InstanceMembers.IsOfEngine(member))
            {
                // A script property has a value only here.
                return false;
            }
        }

        return true;
    }

    private static void WriteTypeNames(WireWriter writer, PSObject value)
    {
        if (!InstanceMembers.HasTypeNames(value))
        {
            writer.WriteCount(0);
            return;
        }

        writer.WriteCount(value.TypeNames.Count);
        foreach (string name in value.TypeNames)
        {
            writer.WriteString(name);
        }
    }

    private void WriteNotes(WireWriter writer, IEnumerable<PSMemberInfo> members, int count)
    {
        writer.WriteCount(count);
        Enter();
        foreach (PSMemberInfo member in members)
        {
            if (member is PSNoteProperty note)
            {
                writer.WriteString(note.Name);
                values.WriteValue(writer, note.Value);
            }
        }

        _depth--;
    }

    private bool IsSeen(WireWriter writer, object value)
    {
        if (!_seen.TryFind(value, out int number))
        {
            return false;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Seen);
        writer.WriteCount(number);
        return true;
    }

    private void Enter()
    {
        if (++_depth > ValueWriter.MaxDepth)
        {
            throw new ValueTooDeepException(MessageText.Format(Messages.ValueTooDeep, ValueWriter.MaxDepth));
        }
    }
}
