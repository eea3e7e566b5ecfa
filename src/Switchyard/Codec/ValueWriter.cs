using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Engine;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>
/// Writes objects so that live objects of the same types are read at the other end: numbers, texts, dates, files, arrays, lists,
/// dictionaries, custom objects, whatever they hold and however they hold each other. All else goes as CLIXML, as it would to a
/// remote session, and arrives as a bag of its properties.
/// </summary>
/// <remarks>For one thread at a time. Nothing of it depends on a culture.</remarks>
internal sealed class ValueWriter
{
    /// <summary>How often values may hold values. What is deeper is a mistake, or would be one for the stack.</summary>
    public const int MaxDepth = 1000;

    /// <summary>The engine's own type of versions, which is not there to compile against.</summary>
    public static readonly Type? SemanticVersion = typeof(PSObject).Assembly.GetType("System.Management.Automation.SemanticVersion");

    // As deep as Export-Clixml goes.
    private const int CliXmlDepth = 2;

    private readonly SeenObjects _seen = new();
    private readonly int _outerDepth;
    private int _depth;

    /// <summary>Makes one for values that nothing holds.</summary>
    public ValueWriter()
    {
    }

    // What a record holds may hold the record.
    private ValueWriter(int outerDepth) => _outerDepth = outerDepth;

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ValueTooDeepException">It is too deep.</exception>
    /// <exception cref="FrameTooLargeException">It is too large.</exception>
    public void Write(WireWriter writer, object? value)
    {
        _seen.Clear();
        _depth = _outerDepth;
        WriteValue(writer, value);
    }

    private static void WriteTag(WireWriter writer, ValueTag tag) => writer.WriteByte((byte)tag);

    private void WriteValue(WireWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                WriteTag(writer, ValueTag.Null);
                return;
            case PSObject wrapper:
                WriteWrapped(writer, wrapper);
                return;
            case string text:
                WriteTag(writer, ValueTag.String);
                writer.WriteString(text);
                return;
            case int number:
                WriteTag(writer, ValueTag.Int32);
                writer.WriteSigned(number);
                return;
            default:
                WriteBare(writer, value);
                return;
        }
    }

    private void WriteWrapped(WireWriter writer, PSObject wrapper)
    {
        object value = wrapper.BaseObject;
        if (value is PSCustomObject)
        {
            WriteCustomObject(writer, wrapper);
        }
        else if (InstanceMembers.Of(wrapper) is not { } members)
        {
            // A type name by itself is what the engine gives, too.
            WriteValue(writer, value);
        }
        else
        {
            WriteDecorated(writer, wrapper, value, members);
        }
    }

    private void WriteBare(WireWriter writer, object value)
    {
        if (value is Enum constant)
        {
            WriteEnum(writer, constant);
            return;
        }

        switch (value)
        {
            case bool truth:
                WriteTag(writer, truth ? ValueTag.True : ValueTag.False);
                break;
            case long number:
                WriteTag(writer, ValueTag.Int64);
                writer.WriteSigned(number);
                break;
            case double number:
                WriteTag(writer, ValueTag.Double);
                writer.WriteInt64(BitConverter.DoubleToInt64Bits(number));
                break;
            case byte number:
                WriteTag(writer, ValueTag.Byte);
                writer.WriteByte(number);
                break;
            case byte[] bytes:
                WriteTag(writer, ValueTag.Bytes);
                writer.WriteBytes(bytes);
                break;
            case FileInfo file:
                WriteTag(writer, ValueTag.File);
                writer.WriteString(file.FullName);
                break;
            case DirectoryInfo directory:
                WriteTag(writer, ValueTag.Directory);
                writer.WriteString(directory.FullName);
                break;
            case IConvertible or IFormattable or Version when ScalarWriter.TryWrite(writer, value):
                break;
            default:
                WriteObject(writer, value);
                break;
        }
    }

    private void WriteObject(WireWriter writer, object value)
    {
        switch (value)
        {
            case Uri uri:
                WriteTag(writer, ValueTag.Uri);
                writer.WriteString(uri.OriginalString);
                writer.WriteBoolean(uri.IsAbsoluteUri);
                break;
            case { } when value.GetType() == SemanticVersion:
                WriteTag(writer, ValueTag.SemanticVersion);
                writer.WriteString(value.ToString());
                break;
            case IPAddress address:
                WriteTag(writer, ValueTag.Address);
                writer.WriteString(address.ToString());
                break;
            case CultureInfo culture when culture.LCID != 0x1000 || culture.Name.Length > 0:
                WriteTag(writer, ValueTag.Culture);
                writer.WriteString(culture.Name);
                break;
            case Regex regex when regex.GetType() == typeof(Regex):
                WriteTag(writer, ValueTag.Regex);
                writer.WriteString(regex.ToString());
                writer.WriteCount((int)regex.Options);
                writer.WriteSigned(regex.MatchTimeout.Ticks);
                break;
            case PSDriveInfo drive:
                WriteTag(writer, ValueTag.Drive);
                writer.WriteString(drive.Name);
                break;
            case ProviderInfo provider:
                WriteTag(writer, ValueTag.Provider);
                writer.WriteString(provider.ToString());
                break;
            case SwitchParameter given:
                WriteTag(writer, given.IsPresent ? ValueTag.True : ValueTag.False);
                break;
            case ISharedReference shared:
                WriteTag(writer, ValueTag.Shared);
                shared.Write(writer);
                break;
            case PSCredential credential:
                WriteCredential(writer, credential);
                break;
            case Type type when TypeNames.NameOf(type) is { } name:
                WriteTag(writer, ValueTag.Type);
                writer.WriteString(name);
                break;
            case ErrorRecord or InformationRecord or InformationalRecord or ProgressRecord:
                WriteRecord(writer, value);
                break;
            default:
                WriteContainer(writer, value!);
                break;
        }
    }

    private void WriteCredential(WireWriter writer, PSCredential credential)
    {
        WriteTag(writer, ValueTag.Credential);
        writer.WriteString(credential == PSCredential.Empty ? null : credential.UserName);
        WriteValue(writer, credential == PSCredential.Empty ? null : credential.Password);
    }

    /// <summary>What a stream was merged into the output with, as by <c>2>&amp;1</c>.</summary>
    private void WriteRecord(WireWriter writer, object record)
    {
        RecordKind kind = RecordCodec.KindOf(record);
        WriteTag(writer, ValueTag.Record);
        writer.WriteByte((byte)kind);
        Enter();
        new RecordCodec(new ValueWriter(_depth)).Write(writer, kind, record, item: null);
        _depth--;
    }

    private static void WriteEnum(WireWriter writer, Enum value)
    {
        if (TypeNames.NameOf(value.GetType()) is not { } name)
        {
            WriteCliXml(writer, value);
            return;
        }

        WriteTag(writer, ValueTag.Enum);
        writer.WriteString(name);
        writer.WriteSigned(value.GetTypeCode() == TypeCode.UInt64
            ? (long)Convert.ToUInt64(value, CultureInfo.InvariantCulture)
            : Convert.ToInt64(value, CultureInfo.InvariantCulture));
        writer.WriteString(value.ToString());
    }

    private void WriteContainer(WireWriter writer, object value)
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
            WriteCliXml(writer, value);
        }
    }

    private void WriteArray(WireWriter writer, Array array, Type element)
    {
        if (Primitives.CodeOf(element) is var code && code >= 0)
        {
            WriteTag(writer, ValueTag.Primitives);
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

        WriteTag(writer, tag);
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
                WriteValue(writer, item);
            }
        }
        else
        {
            foreach (object? item in items)
            {
                WriteValue(writer, item);
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
        WriteTag(writer, tag);
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
            WriteValue(writer, entry.Key);
            WriteValue(writer, entry.Value);
        }

        _depth--;
    }

    private void WriteCustomObject(WireWriter writer, PSObject value)
    {
        IEnumerable<PSMemberInfo> members = InstanceMembers.Of(value) ?? [];
        if (!HasOnlyNotes(members, out int count))
        {
            WriteCliXml(writer, value);
            return;
        }

        if (IsSeen(writer, value))
        {
            return;
        }

        WriteTag(writer, ValueTag.CustomObject);
        WriteTypeNames(writer, value);
        WriteNotes(writer, members, count);
    }

    private void WriteDecorated(WireWriter writer, PSObject wrapper, object value, IEnumerable<PSMemberInfo> members)
    {
        if (!HasOnlyNotes(members, out int count))
        {
            WriteCliXml(writer, wrapper);
            return;
        }

        if (ProviderNotes.AreSoMany(count) && value is FileSystemInfo file && ProviderNotes.TryFind(members, file, out string? drive, out bool hasStat))
        {
            WriteTag(writer, file is FileInfo ? ValueTag.ProviderFile : ValueTag.ProviderDirectory);
            writer.WriteString(file.FullName);
            writer.WriteString(drive);
            writer.WriteBoolean(hasStat);
            return;
        }

        WriteTag(writer, ValueTag.Decorated);
        Enter();
        WriteValue(writer, value);
        _depth--;
        WriteTypeNames(writer, wrapper);
        WriteNotes(writer, members, count);
    }

    /// <summary>Whether members are values by themselves, which can be sent apart.</summary>
    /// <param name="members">What was added to an object itself.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>False if one has a value only here.</returns>
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
                WriteValue(writer, note.Value);
            }
        }

        _depth--;
    }

    /// <summary>
    /// Whether an object by itself goes as CLIXML. Looks at its type alone; of what can be enumerated, perhaps only once, it does not say so.
    /// </summary>
    /// <param name="value">The object, out of its wrapper.</param>
    /// <returns>True if so.</returns>
    public static bool IsBag(object value) =>
        value is not (PSCustomObject or IConvertible or IFormattable or IEnumerable or Version or FileInfo or DirectoryInfo or Uri or IPAddress or CultureInfo
            or Regex or PSDriveInfo or ProviderInfo or SwitchParameter or ISharedReference or PSCredential or SecureString or Type
            or ErrorRecord or InformationRecord or InformationalRecord or ProgressRecord)
        && value.GetType() != SemanticVersion
        && !LiveTypes.Contain(value.GetType());

    /// <summary>Makes an object a bag of its properties.</summary>
    /// <param name="value">The object.</param>
    /// <returns>CLIXML, as <see cref="WriteSnapshot"/> writes it.</returns>
    public static string Serialize(object value) => PSSerializer.Serialize(value, CliXmlDepth);

    /// <summary>Writes what was an object when it was taken down.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="xml">CLIXML.</param>
    public static void WriteSnapshot(WireWriter writer, string xml)
    {
        WriteTag(writer, ValueTag.CliXml);
        writer.WriteString(xml);
    }

    private static void WriteCliXml(WireWriter writer, object value) => WriteSnapshot(writer, Serialize(value));

    private bool IsSeen(WireWriter writer, object value)
    {
        if (!_seen.TryFind(value, out int number))
        {
            return false;
        }

        WriteTag(writer, ValueTag.Seen);
        writer.WriteCount(number);
        return true;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new ValueTooDeepException(MessageText.Format(Messages.ValueTooDeep, MaxDepth));
        }
    }
}
