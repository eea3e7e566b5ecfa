using System.Management.Automation.Internal;
using System.Net;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Codec.Containers;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// Writes objects so that live objects of the same types are read at the other end: numbers, texts, dates, files, arrays, lists,
/// dictionaries, custom objects, whatever they hold and however they hold each other. All else goes as CLIXML, as it would to a
/// remote session, and arrives as its properties.
/// </summary>
/// <remarks>For one thread at a time. Nothing of it depends on a culture.</remarks>
internal sealed class ValueWriter
{
    /// <summary>How often values may hold values. What is deeper is a mistake, or would be one for the stack.</summary>
    public const int MaxDepth = 1000;

    private readonly ContainerWriter _containers;
    private readonly int _outerDepth;
    private SessionTypeData? _typeData;
    private bool _isTypeDataNew;

    /// <summary>Makes one for values that nothing holds.</summary>
    public ValueWriter()
        : this(0)
    {
    }

    private ValueWriter(int outerDepth)
    {
        _containers = new ContainerWriter(this);
        _outerDepth = outerDepth;
    }

    /// <summary>Whether it is read for a session, which has drives and providers. Otherwise these arrive as their properties.</summary>
    public bool ReaderHasSession { get; init; } = true;

    /// <summary>Whether it is read from a file by a later process: then what stays where it is, and what is secret, is refused.</summary>
    public bool IsForFile { get; init; }

    /// <summary>Told of each value that will be read as something less: as its properties, or as another collection. Null if that is not told.</summary>
    public Action<object>? Reduced { get; init; }

    /// <summary>What the session on whose thread this is has given to types; null where it has given nothing, or there is no session.</summary>
    public SessionTypeData? TypeData
    {
        get
        {
            if (!_isTypeDataNew)
            {
                // Once for each value that is written: a script may have given more since.
                _isTypeDataNew = true;
                _typeData = SessionTypeData.OfRunningSession(_typeData);
            }

            return _typeData is { IsEmpty: false } ? _typeData : null;
        }
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="ValueTooDeepException">It is too deep.</exception>
    /// <exception cref="FrameTooLargeException">It is too large.</exception>
    public void Write(WireWriter writer, object? value)
    {
        _containers.Begin(_outerDepth);
        _isTypeDataNew = false;
        WriteValue(writer, value);
    }

    /// <summary>Makes one for values that others hold: what a record holds may hold the record.</summary>
    public ValueWriter ForValuesIn(int depth) => new(depth) { ReaderHasSession = ReaderHasSession, IsForFile = IsForFile, Reduced = Reduced };

    /// <summary>Writes a value that is part of the one that is being written.</summary>
    public void WriteValue(WireWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                ScalarWriter.WriteTag(writer, ValueTag.Null);
                return;
            case PSObject wrapper:
                if (wrapper == AutomationNull.Value)
                {
                    Nothings.TryWrite(writer, wrapper);
                    return;
                }

                _containers.Objects.Write(writer, wrapper);
                return;
            case string text:
                ScalarWriter.WriteTag(writer, ValueTag.String);
                writer.WriteString(text);
                return;
            case int number:
                ScalarWriter.WriteTag(writer, ValueTag.Int32);
                writer.WriteSigned(number);
                return;
            default:
                // Other processes have what sessions give to texts and numbers no more than a remote session has.
                if ((value is not ValueType && InstanceMembers.AreOf(value)) || (!value.GetType().IsPrimitive && TypeData?.IsOf(value) == true))
                {
                    _containers.Objects.Write(writer, PSObject.AsPSObject(value));
                    return;
                }

                WriteBare(writer, value);
                return;
        }
    }

    /// <summary>Writes an object without regard to what was added to it.</summary>
    /// <param name="wrapper">The wrapper that it has, if that says more of it where it can only go as its properties.</param>
    /// <returns>False if it went as its properties.</returns>
    public bool WriteBare(WireWriter writer, object value, PSObject? wrapper = null)
    {
        switch (value)
        {
            case Enum constant:
                return TryWriteEnum(writer, constant, wrapper);
            case string text:
                ScalarWriter.WriteTag(writer, ValueTag.String);
                writer.WriteString(text);
                break;
            case int number:
                ScalarWriter.WriteTag(writer, ValueTag.Int32);
                writer.WriteSigned(number);
                break;
            case bool truth:
                ScalarWriter.WriteTag(writer, truth ? ValueTag.True : ValueTag.False);
                break;
            case long number:
                ScalarWriter.WriteTag(writer, ValueTag.Int64);
                writer.WriteSigned(number);
                break;
            case double number:
                ScalarWriter.WriteTag(writer, ValueTag.Double);
                writer.WriteInt64(BitConverter.DoubleToInt64Bits(number));
                break;
            case byte number:
                ScalarWriter.WriteTag(writer, ValueTag.Byte);
                writer.WriteByte(number);
                break;
            case byte[] bytes when bytes.GetType() == typeof(byte[]):
                ScalarWriter.WriteTag(writer, ValueTag.Bytes);
                writer.WriteBytes(bytes);
                break;
            case FileSystemInfo file and (FileInfo or DirectoryInfo):
                if (!_containers.IsNumbered(writer, file))
                {
                    ScalarWriter.WriteTag(writer, file is FileInfo ? ValueTag.File : ValueTag.Directory);
                    writer.WriteString(file.FullName);
                }

                break;
            case IConvertible or IFormattable or Version when ScalarWriter.TryWrite(writer, value):
                break;
            default:
                return WriteObject(writer, value, wrapper);
        }

        return true;
    }

    private bool WriteObject(WireWriter writer, object value, PSObject? wrapper)
    {
        switch (value)
        {
            case Uri uri:
                ScalarWriter.WriteTag(writer, ValueTag.Uri);
                writer.WriteString(uri.OriginalString);
                writer.WriteBoolean(uri.IsAbsoluteUri);
                break;
            case { } when value.GetType() == EngineMembers.SemanticVersion.Info:
                ScalarWriter.WriteTag(writer, ValueTag.SemanticVersion);
                writer.WriteString(value.ToString());
                break;
            case IPAddress address:
                ScalarWriter.WriteTag(writer, ValueTag.Address);
                writer.WriteString(address.ToString());
                break;
            case CultureInfo culture when culture.LCID != 0x1000 || culture.Name.Length > 0:
                ScalarWriter.WriteTag(writer, ValueTag.Culture);
                writer.WriteString(culture.Name);
                writer.WriteBoolean(culture.IsReadOnly);
                break;
            case Regex regex when regex.GetType() == typeof(Regex):
                ScalarWriter.WriteTag(writer, ValueTag.Regex);
                writer.WriteString(regex.ToString());
                writer.WriteCount((int)regex.Options);
                writer.WriteSigned(regex.MatchTimeout.Ticks);
                break;
            case PSDriveInfo drive when ReaderHasSession:
                ScalarWriter.WriteTag(writer, ValueTag.Drive);
                writer.WriteString(drive.Name);
                writer.WriteString(drive.Provider.ToString());
                writer.WriteString(drive.Root);
                writer.WriteString(drive.Description);
                break;
            case ProviderInfo provider when ReaderHasSession:
                ScalarWriter.WriteTag(writer, ValueTag.Provider);
                writer.WriteString(provider.ToString());
                break;
            case SwitchParameter given:
                ScalarWriter.WriteTag(writer, ValueTag.Switch);
                writer.WriteBoolean(given.IsPresent);
                break;
            case { } when Nothings.TryWrite(writer, value):
                break;
            case IWireObject or PSCredential or SecureString when IsForFile:
                throw new NotSupportedException(MessageText.Format(value is IWireObject ? Messages.LiveNotKept : Messages.SecretNotKept, value.GetType()));
            case IWireObject shared:
                ScalarWriter.WriteTag(writer, ValueTag.Shared);
                shared.Write(writer);
                break;
            case PSCredential credential:
                WriteCredential(writer, credential);
                break;
            case Type type when TypeNames.NameOf(type) is { } name:
                ScalarWriter.WriteTag(writer, ValueTag.Type);
                writer.WriteString(name);
                break;
            case ErrorRecord or InformationRecord or InformationalRecord or ProgressRecord:
                _containers.WriteRecord(writer, value);
                break;
            default:
                return _containers.Write(writer, value!, wrapper);
        }

        return true;
    }

    private void WriteCredential(WireWriter writer, PSCredential credential)
    {
        ScalarWriter.WriteTag(writer, ValueTag.Credential);
        writer.WriteString(credential == PSCredential.Empty ? null : credential.UserName);
        WriteValue(writer, credential == PSCredential.Empty ? null : credential.Password);
    }

    private bool TryWriteEnum(WireWriter writer, Enum value, PSObject? wrapper)
    {
        if (TypeNames.NameOf(value.GetType()) is not { } name)
        {
            _containers.Objects.WriteBag(writer, (object?)wrapper ?? value, value);
            return false;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Enum);
        writer.WriteString(name);
        writer.WriteSigned(value.GetTypeCode() == TypeCode.UInt64
            ? (long)Convert.ToUInt64(value, CultureInfo.InvariantCulture)
            : Convert.ToInt64(value, CultureInfo.InvariantCulture));
        writer.WriteString(value.ToString());
        return true;
    }
}
