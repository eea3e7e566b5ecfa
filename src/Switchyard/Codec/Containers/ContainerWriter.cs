using System.Collections.Specialized;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec.Containers;

/// <summary>Writes values that hold values: each object once, and as often as it is held its number.</summary>
internal sealed class ContainerWriter
{
    private readonly SeenObjects _seen = new();
    private readonly ValueWriter _values;
    private object? _inner;
    private int _outerDepth;
    private int _depth;

    public ContainerWriter(ValueWriter values)
    {
        _values = values;
        Objects = new ObjectWriter(values, this);
    }

    public ObjectWriter Objects { get; }

    /// <summary>Begins a value that nothing has been written of.</summary>
    public void Begin(int depth)
    {
        Objects.Begin();
        _seen.Clear();
        _inner = null;
        _outerDepth = depth;
        _depth = depth;
    }

    /// <summary>What a stream was merged into the output with, as by <c>2>&amp;1</c>.</summary>
    public void WriteRecord(WireWriter writer, object record)
    {
        RecordKind kind = RecordCodec.KindOf(record);
        ScalarWriter.WriteTag(writer, ValueTag.Record);
        writer.WriteByte((byte)kind);
        Enter();
        new RecordCodec(_values.ForValuesIn(_depth)).Write(writer, kind, record, item: null);
        Leave();
    }

    /// <summary>Writes a collection, or what is none of them.</summary>
    /// <param name="wrapper">The wrapper that it has, if that says more.</param>
    /// <returns>False if it went as a bag of its properties.</returns>
    public bool Write(WireWriter writer, object value, PSObject? wrapper)
    {
        Type type = value.GetType();
        if (value is Array array)
        {
            WriteArray(writer, array, type);
        }
        else if (type == typeof(ArrayList))
        {
            WriteSequence(writer, ValueTag.ArrayList, value, (ICollection)value);
        }
        else if (type == typeof(List<object>))
        {
            WriteSequence(writer, ValueTag.List, value, (ICollection)value);
        }
        else if (CollectionKinds.IsForeign(value))
        {
            Objects.WriteForeign(writer, value);
        }
        else if (value is IDictionary dictionary)
        {
            WriteDictionary(writer, dictionary);
        }
        else if (CollectionKinds.IsSequence(type) && CollectionKinds.IsLive(type) && Comparers.CanWrite(CollectionKinds.ComparerOf(value)))
        {
            WriteSequence(writer, ValueTag.Collection, value, CollectionKinds.InOrderOfAdding(value));
        }
        else
        {
            Objects.WriteBag(writer, wrapper ?? value, value);
            return false;
        }

        return true;
    }

    /// <summary>Writes a collection that cannot be made elsewhere as one of the same kind: a dictionary, a queue, a stack or a list.</summary>
    public void WriteAsItsKind(WireWriter writer, object value)
    {
        if (value is Array array)
        {
            WriteArray(writer, array, array.GetType());
        }
        else if (value is IDictionary dictionary)
        {
            WriteEntries(writer, ValueTag.Hashtable, dictionary, Comparers.Nearest(dictionary));
        }
        else if (CollectionKinds.PlainKindOf(value) is { } kind)
        {
            WriteSequence(writer, ValueTag.Collection, value, CollectionKinds.InOrderOfAdding(value), kind);
        }
        else
        {
            WriteSequence(writer, ValueTag.ArrayList, value, (ICollection)value);
        }
    }

    private void WriteArray(WireWriter writer, Array array, Type type)
    {
        Type element = type.GetElementType()!;
        if (!type.IsSZArray)
        {
            WriteGrid(writer, array, CollectionKinds.IsLive(element) ? element : typeof(object));
        }
        else if (Primitives.CodeOf(element) is var code && code >= 0)
        {
            if (!IsNumbered(writer, array))
            {
                ScalarWriter.WriteTag(writer, ValueTag.Primitives);
                writer.WriteByte((byte)code);
                Primitives.Write(writer, array);
            }
        }
        else if (element == typeof(object))
        {
            WriteSequence(writer, ValueTag.Objects, array, array);
        }
        else if (CollectionKinds.IsLive(element))
        {
            WriteSequence(writer, ValueTag.TypedArray, array, array, element);
        }
        else if (_inner == array)
        {
            WriteSequence(writer, ValueTag.Objects, array, array);
        }
        else
        {
            // Of what its elements arrive as, the array can only be one of Objects.
            Objects.WriteForeign(writer, array);
        }
    }

    private void WriteGrid(WireWriter writer, Array array, Type element)
    {
        if (IsSeen(writer, array))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Grid);
        writer.WriteString(TypeNames.NameOf(element));
        writer.WriteCount(array.Rank);
        for (int i = 0; i < array.Rank; i++)
        {
            writer.WriteSigned(array.GetLowerBound(i));
            writer.WriteCount(array.GetLength(i));
        }

        writer.WriteCount(array.Length);
        Enter();
        foreach (object? item in array)
        {
            _values.WriteValue(writer, item);
        }

        Leave();
    }

    private void WriteSequence(WireWriter writer, ValueTag tag, object value, ICollection items, Type? type = null)
    {
        if (IsSeen(writer, value))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, tag);
        if (tag is ValueTag.TypedArray or ValueTag.Collection)
        {
            writer.WriteString(TypeNames.NameOf(type ?? value.GetType()));
        }

        if (tag == ValueTag.Collection)
        {
            Comparers.Write(writer, type is null ? CollectionKinds.ComparerOf(value) : null);
        }

        writer.WriteCount(items.Count);
        Enter();
        if (value is object?[] array)
        {
            foreach (object? item in array)
            {
                _values.WriteValue(writer, item);
            }
        }
        else
        {
            foreach (object? item in items)
            {
                _values.WriteValue(writer, item);
            }
        }

        Leave();
    }

    private void WriteDictionary(WireWriter writer, IDictionary dictionary)
    {
        switch (dictionary)
        {
            case Hashtable table:
                WriteEntries(writer, ValueTag.Hashtable, table, Comparers.Of(table));
                break;
            case OrderedDictionary ordered:
                WriteEntries(writer, ValueTag.OrderedDictionary, ordered, Comparers.Of(ordered));
                break;
            default:
                WriteEntries(writer, ValueTag.Dictionary, dictionary, CollectionKinds.ComparerOf(dictionary));
                break;
        }
    }

    private void WriteEntries(WireWriter writer, ValueTag tag, IDictionary dictionary, object? comparer)
    {
        if (IsSeen(writer, dictionary))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, tag);
        if (tag == ValueTag.Dictionary)
        {
            writer.WriteString(TypeNames.NameOf(dictionary.GetType()));
        }

        Comparers.Write(writer, comparer);
        writer.WriteCount(dictionary.Count);
        Enter();
        foreach (DictionaryEntry entry in dictionary)
        {
            _values.WriteValue(writer, entry.Key);
            _values.WriteValue(writer, entry.Value);
        }

        Leave();
    }

    /// <summary>Whether an object was written before; then that is written. If not, it has a number from now on.</summary>
    public bool IsSeen(WireWriter writer, object value)
    {
        if (_inner == value)
        {
            // What is around it has been asked for.
            _inner = null;
            _seen.Add(new object());
            return false;
        }

        if (!_seen.TryFind(value, out int number))
        {
            return false;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Seen);
        writer.WriteCount(number);
        return true;
    }

    /// <summary>The same for what has a number only if something holds it: by itself it can be met but once.</summary>
    public bool IsNumbered(WireWriter writer, object value)
    {
        if (_depth == _outerDepth || _inner == value)
        {
            return false;
        }

        if (IsSeen(writer, value))
        {
            return true;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Numbered);
        return false;
    }

    /// <summary>Begins to write an object that its own decoration goes around.</summary>
    public void BeginInner(object value) => _inner = value;

    public void EndInner() => _inner = null;

    public void Leave() => _depth--;

    public void Enter()
    {
        if (++_depth > ValueWriter.MaxDepth)
        {
            throw new ValueTooDeepException(MessageText.Format(Messages.ValueTooDeep, ValueWriter.MaxDepth));
        }
    }
}
