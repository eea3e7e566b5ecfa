using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;
using Newtonsoft.Json;

namespace Microsoft.PowerShell.Commands;

/// <summary>Writes objects as JSON the way ConvertTo-Json does: properties to a depth, what lies deeper as text.</summary>
internal sealed class JsonWriter(JsonTextWriter output, int maxDepth, bool enumsAsStrings, Func<bool> isStopping)
{
    /// <summary>Whether something lay deeper than was asked for.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Writes a value.</summary>
    public void Write(object? value) => Write(value, 0);

    private void Write(object? value, int depth)
    {
        if (isStopping())
        {
            throw new PipelineStoppedException();
        }

        PSObject? wrapper = value as PSObject;
        object? plain = wrapper is null ? value : wrapper.BaseObject;
        if (plain is null || plain is DBNull || plain == System.Management.Automation.Internal.AutomationNull.Value || plain == System.Management.Automation.Language.NullString.Value)
        {
            output.WriteNull();
        }
        else if (!TryWriteScalar(plain, wrapper))
        {
            WriteCompound(plain, wrapper, depth);
        }
    }

    private bool TryWriteScalar(object plain, PSObject? wrapper)
    {
        object? scalar = plain switch
        {
            string or char or bool or DateTime or DateTimeOffset or Guid or Uri or BigInteger => plain,
            double or float or decimal => plain,
            Enum => enumsAsStrings ? plain.ToString() : Convert.ChangeType(plain, Enum.GetUnderlyingType(plain.GetType()), CultureInfo.InvariantCulture),
            _ => plain.GetType().IsPrimitive ? plain : null,
        };
        if (scalar is null)
        {
            return false;
        }

        PSPropertyInfo[] notes = wrapper is null || plain is string or DateTime ? [] : Notes(wrapper);
        if (notes.Length == 0)
        {
            output.WriteValue(scalar);
            return true;
        }

        // A number that carries properties becomes an object with the number as "value".
        output.WriteStartObject();
        output.WritePropertyName("value");
        output.WriteValue(scalar);
        foreach (PSPropertyInfo note in notes)
        {
            output.WritePropertyName(note.Name);
            Write(note.Value, maxDepth);
        }

        output.WriteEndObject();
        return true;
    }

    private void WriteCompound(object plain, PSObject? wrapper, int depth)
    {
        if (depth > maxDepth)
        {
            IsTruncated = true;
            output.WriteValue(wrapper is not null && plain is PSCustomObject
                ? wrapper.ToString()
                : LanguagePrimitives.ConvertTo<string>(plain));
            return;
        }

        if (plain is IDictionary dictionary)
        {
            WriteObject(Entries(dictionary).Concat(Notes(wrapper).Select(note => new KeyValuePair<string, object?>(note.Name, note.Value))), depth);
        }
        else if (plain is IEnumerable elements)
        {
            output.WriteStartArray();
            foreach (object? element in elements)
            {
                Write(element, depth + 1);
            }

            output.WriteEndArray();
        }
        else
        {
            WriteObject(Properties(plain, wrapper), depth);
        }
    }

    private void WriteObject(IEnumerable<KeyValuePair<string, object?>> properties, int depth)
    {
        output.WriteStartObject();
        foreach ((string name, object? value) in properties)
        {
            output.WritePropertyName(name);
            Write(value, depth + 1);
        }

        output.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return new KeyValuePair<string, object?>(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value);
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Properties(object plain, PSObject? wrapper)
    {
        if (plain is PSCustomObject)
        {
            foreach (PSPropertyInfo property in wrapper!.Properties)
            {
                yield return new KeyValuePair<string, object?>(property.Name, ValueOf(() => property.Value));
            }

            yield break;
        }

        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        foreach (FieldInfo field in plain.GetType().GetFields(Public))
        {
            yield return new KeyValuePair<string, object?>(field.Name, ValueOf(() => field.GetValue(plain)));
        }

        foreach (PropertyInfo property in plain.GetType().GetProperties(Public).Where(property => property.CanRead && property.GetIndexParameters().Length == 0))
        {
            yield return new KeyValuePair<string, object?>(property.Name, ValueOf(() => property.GetValue(plain)));
        }

        foreach (PSPropertyInfo note in Notes(wrapper))
        {
            yield return new KeyValuePair<string, object?>(note.Name, ValueOf(() => note.Value));
        }
    }

    // What a property's own code throws makes it null, as in the real command: one bad property must not cost the rest.
    private static object? ValueOf(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is TargetInvocationException or GetValueException)
        {
            return null;
        }
    }

    // What PowerShell has added to an object: notes, and the properties of its type data.
    private static PSPropertyInfo[] Notes(PSObject? wrapper)
        => wrapper is null ? [] : [.. wrapper.Properties.Where(property => property.MemberType is not PSMemberTypes.Property)];
}
