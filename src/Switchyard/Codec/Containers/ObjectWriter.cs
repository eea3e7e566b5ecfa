using System.Collections.ObjectModel;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Containers;

/// <summary>
/// Writes objects with what does not follow from their type in .NET: properties of their own, those that a session has given to their
/// type, and type names.
/// </summary>
internal sealed class ObjectWriter(ValueWriter values, ContainerWriter containers)
{
    private const string Text = "ToString";

    // What a property of a type makes may have that property again, and so on: it goes without, as a remote session does not look so deep either.
    private bool _isPropertyOfType;

    /// <summary>Begins a value that nothing has been written of.</summary>
    public void Begin() => _isPropertyOfType = false;

    public void Write(WireWriter writer, PSObject wrapper)
    {
        object value = wrapper.BaseObject;
        IEnumerable<PSMemberInfo>? members = InstanceMembers.Of(wrapper);
        string[] ofType = _isPropertyOfType ? [] : values.TypeData?.PropertiesOf(wrapper, value) ?? [];
        if (value is PSCustomObject)
        {
            WriteCustom(writer, wrapper, members ?? [], ofType);
        }
        else
        {
            int count = 0;
            bool hasOnlyNotes = (members is null || HasOnlyNotes(members, out count)) && ofType.Length == 0;
            bool hasNames = HasNames(wrapper, value);
            if (hasOnlyNotes && count == 0 && !hasNames)
            {
                values.WriteBare(writer, value);
            }
            else
            {
                WriteDecorated(writer, wrapper, value, members ?? [], ofType, hasOnlyNotes, count, hasNames);
            }
        }
    }

    /// <summary>Writes a collection of a type that cannot be made elsewhere: as one of its kind that says what it was.</summary>
    public void WriteForeign(WireWriter writer, object collection)
    {
        PSObject wrapper = PSObject.AsPSObject(collection);
        Note(wrapper);
        WriteDecorated(writer, wrapper, collection, [], [], hasOnlyNotes: true, count: 0, hasNames: false);
    }

    /// <summary>Writes what arrives as its properties.</summary>
    public void WriteBag(WireWriter writer, object source, object key)
    {
        if (!containers.IsSeen(writer, key))
        {
            Note(source);
            CliXml.Write(writer, source);
        }
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

    // What has been so before is no less.
    private void Note(object value)
    {
        if (values.Reduced is { } tell && !(value is PSObject wrapper && InstanceMembers.IsDeserialized(wrapper)))
        {
            tell(PSObjects.Unwrap(value)!);
        }
    }

    private void WriteCustom(WireWriter writer, PSObject value, IEnumerable<PSMemberInfo> members, string[] ofType)
    {
        bool hasOnlyNotes = HasOnlyNotes(members, out int count);

        // One without properties, of which only its text says what it was, is not marked as such.
        if ((InstanceMembers.IsDeserialized(value) && (!hasOnlyNotes || value.Properties.Any(property => property is PSProperty)))
            || (!hasOnlyNotes && members.Any(member => member is PSMethod { Name: Text })))
        {
            WriteDecorated(writer, value, value, members, [], hasOnlyNotes, count, hasNames: true);
            return;
        }

        if (containers.IsSeen(writer, value))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, ValueTag.CustomObject);
        WriteTypeNames(writer, InstanceMembers.HasTypeNames(value) || InstanceMembers.IsDeserialized(value) ? value.TypeNames : []);
        if (hasOnlyNotes && ofType.Length == 0)
        {
            WriteNotes(writer, members, count);
        }
        else
        {
            WriteNotes(writer, OwnProperties.Of(value, members, ofType), ofType);
        }
    }

    private void WriteDecorated(
        WireWriter writer, PSObject wrapper, object value, IEnumerable<PSMemberInfo> members, string[] ofType, bool hasOnlyNotes, int count, bool hasNames)
    {
        string? drive = null;
        bool hasStat = false;
        int others = 0;
        FileSystemInfo? file = value is FileInfo or DirectoryInfo && ProviderNotes.AreEnough(count)
            && ProviderNotes.TryFind(members, (FileSystemInfo)value, out drive, out hasStat, out others) ? (FileSystemInfo)value : null;
        if (file is not null && hasOnlyNotes && !hasNames && others == 0)
        {
            WriteProviderFile(writer, file, drive, hasStat);
            return;
        }

        // A text or number has its members with its wrapper, any other object for all wrappers that it gets.
        if (containers.IsSeen(writer, value is string or ValueType ? wrapper : value))
        {
            return;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Decorated);
        containers.Enter();
        containers.BeginInner(value);
        bool isForeign = CollectionKinds.IsForeign(value);
        bool isBag = false;
        if (isForeign)
        {
            containers.WriteAsItsKind(writer, value);
        }
        else if (value is PSObject || (value is string or ValueType && members.Any(member => member.Name == Text && member is PSMethodInfo)))
        {
            isBag = true;
            WriteBag(writer, wrapper, value);
        }
        else if (file is not null)
        {
            // These are the provider's there, too; the others are put to them.
            WriteProviderFile(writer, file, drive, hasStat);
            members = [.. members.Where(member => !ProviderNotes.IsOne(member))];
            count = others;
        }
        else
        {
            isBag = !values.WriteBare(writer, value, wrapper);
        }

        containers.EndInner();
        containers.Leave();
        WriteTypeNames(writer, isBag ? [] : isForeign ? InstanceMembers.DeserializedNames(wrapper) : hasNames ? wrapper.TypeNames : []);
        if (isBag)
        {
            // It has its properties already, as deep as CLIXML goes.
            WriteNotes(writer, [.. OwnProperties.Of(wrapper, members.OfType<PSNoteProperty>(), []).Where(note => !OwnProperties.IsSimple(note.Value))], []);
        }
        else if (hasOnlyNotes && !InstanceMembers.IsDeserialized(wrapper))
        {
            WriteNotes(writer, members, count);
        }
        else
        {
            WriteNotes(writer, OwnProperties.Of(wrapper, members, ofType), ofType);
        }
    }

    private void WriteProviderFile(WireWriter writer, FileSystemInfo file, string? drive, bool hasStat)
    {
        if (!containers.IsNumbered(writer, file))
        {
            ScalarWriter.WriteTag(writer, file is FileInfo ? ValueTag.ProviderFile : ValueTag.ProviderDirectory);
            writer.WriteString(file.FullName);
            writer.WriteString(drive);
            writer.WriteBoolean(hasStat);
        }
    }

    private static bool HasNames(PSObject wrapper, object value) =>
        InstanceMembers.HasTypeNames(wrapper) || (value is ICollection && InstanceMembers.IsDeserialized(wrapper));

    private static void WriteTypeNames(WireWriter writer, Collection<string> names)
    {
        writer.WriteCount(names.Count);
        foreach (string name in names)
        {
            writer.WriteString(name);
        }
    }

    private void WriteNotes(WireWriter writer, IEnumerable<PSMemberInfo> members, int count)
    {
        writer.WriteCount(count);
        containers.Enter();
        foreach (PSMemberInfo member in members)
        {
            if (member is PSNoteProperty note)
            {
                writer.WriteString(note.Name);
                values.WriteValue(writer, note.Value);
            }
        }

        containers.Leave();
    }

    private void WriteNotes(WireWriter writer, List<KeyValuePair<string, object?>> notes, string[] ofType)
    {
        writer.WriteCount(notes.Count);
        containers.Enter();
        bool isPropertyOfType = _isPropertyOfType;
        foreach ((string name, object? value) in notes)
        {
            writer.WriteString(name);
            _isPropertyOfType = isPropertyOfType || Array.IndexOf(ofType, name) >= 0;
            values.WriteValue(writer, value);
        }

        _isPropertyOfType = isPropertyOfType;
        containers.Leave();
    }
}
