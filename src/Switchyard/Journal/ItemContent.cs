using Switchyard.Core.Gauges;
using Switchyard.Core.Protocol;

namespace Switchyard.Journal;

/// <summary>
/// Makes an item's key of its content. Equal in PowerShell's sense is equal here where a type allows it: 1, 1L and 1.0 are one number, a
/// hashtable's keys have no order. What the engine hangs onto an object, such as the line number of a text from a file, is no content.
/// </summary>
/// <remarks>For one thread at a time. Nothing of it depends on a culture, a process or an address.</remarks>
/// <param name="names">Which paths are one file's, whatever their case; null to tell all paths apart.</param>
internal sealed class ItemContent(FileSystemCase? names)
{
    // An end for an item that contains itself.
    private const int MaxDepth = 16;

    // How deep the properties of other objects are read: those of a process lead to a lot.
    private const int MaxObjectDepth = 2;

    private readonly WireWriter _writer = new() { SendsBlobs = false };

    public ItemKey KeyOf(object? item)
    {
        _writer.Clear();
        Write(_writer, item, 0, 0);
        return ItemKey.Of(_writer.WrittenSpan);
    }

    private void Write(WireWriter writer, object? item, int depth, int objectDepth)
    {
        object? value = PSObjects.Unwrap(item);
        if (value is PSObject custom)
        {
            WriteMembers(writer, ContentMark.Custom, string.Empty, custom, depth, objectDepth);
        }
        else if (!ValueContent.TryWrite(writer, value, names))
        {
            WriteComposed(writer, value!, depth, objectDepth);
        }
    }

    private void WriteComposed(WireWriter writer, object value, int depth, int objectDepth)
    {
        if (depth >= MaxDepth)
        {
            ValueContent.Begin(writer, ContentMark.TooDeep);
            writer.WriteString(value.GetType().FullName);
            return;
        }

        switch (value)
        {
            case IDictionary dictionary:
                WriteDictionary(writer, dictionary, depth, objectDepth);
                break;
            case IList list:
                ValueContent.Begin(writer, ContentMark.List);
                writer.WriteCount(list.Count);
                foreach (object? element in list)
                {
                    Write(writer, element, depth + 1, objectDepth);
                }

                break;
            default:
                WriteMembers(writer, ContentMark.Object, value.GetType().FullName!, PSObject.AsPSObject(value), depth, objectDepth + 1);
                break;
        }
    }

    private void WriteDictionary(WireWriter writer, IDictionary dictionary, int depth, int objectDepth)
    {
        List<byte[]> entries = [];
        foreach (DictionaryEntry entry in dictionary)
        {
            WireWriter one = new() { SendsBlobs = false };

            // A script's hashtable finds keys whatever their case.
            Write(one, entry.Key is string name ? name.ToUpperInvariant() : entry.Key, depth + 1, objectDepth);
            Write(one, entry.Value, depth + 1, objectDepth);
            entries.Add(one.ToArray());
        }

        WriteSorted(writer, ContentMark.Dictionary, string.Empty, entries);
    }

    private void WriteMembers(WireWriter writer, ContentMark mark, string type, PSObject value, int depth, int objectDepth)
    {
        List<byte[]> members = [];
        if (depth < MaxDepth && objectDepth <= MaxObjectDepth)
        {
            foreach (PSPropertyInfo property in value.Properties)
            {
                if (mark == ContentMark.Custom || property.MemberType is PSMemberTypes.Property)
                {
                    WireWriter one = new() { SendsBlobs = false };
                    one.WriteString(property.Name.ToUpperInvariant());
                    Write(one, ValueOf(property), depth + 1, objectDepth);
                    members.Add(one.ToArray());
                }
            }
        }

        WriteSorted(writer, mark, type, members);
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // A property that cannot be read has the same content each time.
            return null;
        }
    }

    private static void WriteSorted(WireWriter writer, ContentMark mark, string type, List<byte[]> parts)
    {
        parts.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        ValueContent.Begin(writer, mark);
        writer.WriteString(type);
        writer.WriteCount(parts.Count);
        foreach (byte[] part in parts)
        {
            writer.WriteRaw(part);
        }
    }
}
