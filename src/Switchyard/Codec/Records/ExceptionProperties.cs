using System.Collections.Concurrent;
using System.Reflection;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Records;

/// <summary>
/// What an exception tells besides its message: a status, a file, a number of the system's. A new exception of its type does not know
/// it, so it is set there, or added where it cannot be.
/// </summary>
internal static class ExceptionProperties
{
    // What a type is made of never changes: a cache, and nothing that one batch could see of another.
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> _ofTypes = new();

    // These go by themselves, or mean something only where it was thrown.
    private static readonly HashSet<string> _others =
        [.. typeof(Exception).GetProperties().Select(property => property.Name).Where(name => name != nameof(Exception.HelpLink)), nameof(AggregateException.InnerExceptions)];

    public static void Write(WireWriter writer, Exception exception, ValueWriter values)
    {
        foreach (PropertyInfo property in Of(exception.GetType()))
        {
            WriteIfAny(writer, property.Name, () => property.GetValue(exception), values);
        }

        foreach (PSNoteProperty note in InstanceMembers.AreOf(exception) ? PSObject.AsPSObject(exception).Properties.OfType<PSNoteProperty>() : [])
        {
            WriteIfAny(writer, note.Name, () => note.Value, values);
        }

        WriteIfAny(writer, nameof(Exception.Data), () => DataOf(exception), values);
        writer.WriteString(null);
    }

    /// <summary>Reads them all, as they are to be given to an exception that is made after that.</summary>
    public static List<KeyValuePair<string, object?>> Read(WireReader reader, ValueReader values)
    {
        List<KeyValuePair<string, object?>> properties = [];
        while (reader.ReadString() is { } name)
        {
            properties.Add(KeyValuePair.Create(name, values.Read(reader)));
        }

        return properties;
    }

    public static void Give(Exception exception, List<KeyValuePair<string, object?>> properties)
    {
        foreach ((string name, object? value) in properties)
        {
            object? bare = PSObjects.Unwrap(value);
            if (name == nameof(Exception.Data) && bare is IDictionary data)
            {
                foreach (DictionaryEntry entry in data)
                {
                    exception.Data[entry.Key] = entry.Value;
                }
            }
            else if (Array.Find(Of(exception.GetType()), property => property.Name == name) is not { } property || !TrySet(exception, property, bare))
            {
                PSObject.AsPSObject(exception).Properties.Add(new PSNoteProperty(name, value), preValidated: true);
            }
        }
    }

    private static PropertyInfo[] Of(Type type) => _ofTypes.GetOrAdd(type, static type =>
    [
        .. type.GetProperties().Where(property => property.CanRead
            && property.GetIndexParameters().Length == 0
            && !_others.Contains(property.Name)
            && !property.PropertyType.IsByRefLike
            && property.PropertyType != typeof(ErrorRecord)
            && property.PropertyType != typeof(InvocationInfo)),
    ]);

    // By a type the engine keeps what it knows of its own frames.
    private static Hashtable? DataOf(Exception exception)
    {
        Hashtable data = [];
        foreach (DictionaryEntry entry in exception.Data)
        {
            if (entry.Key is not Type)
            {
                data[entry.Key] = entry.Value;
            }
        }

        return data.Count > 0 ? data : null;
    }

    /// <summary>Writes one unless it says nothing, or cannot be read or sent.</summary>
    private static void WriteIfAny(WireWriter writer, string name, Func<object?> read, ValueWriter values)
    {
        WireMark mark = writer.Mark();
        try
        {
            if (read() is { } value and not (false or 0 or "" or Exception or Delegate))
            {
                writer.WriteString(name);
                values.Write(writer, value);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A stranger's property: it may do anything, and the message has said most.
            writer.Undo(mark);
            Debug.WriteLine(exception);
        }
    }

    private static bool TrySet(Exception exception, PropertyInfo property, object? value)
    {
        try
        {
            if (!Equals(property.GetValue(exception), value) && property.SetMethod is { IsPublic: true })
            {
                property.SetValue(exception, value);
            }

            return Equals(property.GetValue(exception), value);
        }
        catch (Exception error) when (error is TargetInvocationException or ArgumentException)
        {
            return false;
        }
    }
}
