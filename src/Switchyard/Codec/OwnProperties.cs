using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>The properties of an object that another process would not have, with the values that they have here and now.</summary>
internal static class OwnProperties
{
    /// <summary>Reads them. What cannot be read is left out, as a remote session leaves it out.</summary>
    /// <param name="ofType">Names of those that the session has given to its type.</param>
    public static List<KeyValuePair<string, object?>> Of(PSObject value, IEnumerable<PSMemberInfo> members, IEnumerable<string> ofType)
    {
        List<KeyValuePair<string, object?>> properties = [];
        foreach (PSMemberInfo member in members)
        {
            if (member is PSPropertyInfo property && !InstanceMembers.IsOfEngine(member))
            {
                Add(properties, property);
            }
        }

        foreach (string name in ofType)
        {
            if (value.Properties[name] is { IsInstance: false } property)
            {
                Add(properties, property);
            }
        }

        // What a collection had besides its elements, before it was sent here.
        if (value.BaseObject is ICollection collection && InstanceMembers.IsDeserialized(value))
        {
            foreach (PSPropertyInfo property in value.Properties)
            {
                if (property is PSProperty && !HasInDotNet(collection, property.Name))
                {
                    Add(properties, property);
                }
            }
        }

        return properties;
    }

    /// <summary>Whether a value is the same when it was CLIXML.</summary>
    public static bool IsSimple(object? value) => PSObjects.Unwrap(value) is null or string or bool or int or long or double or byte or DateTime or Guid or TimeSpan;

    private static bool HasInDotNet(object value, string name) => value.GetType().GetProperty(name) is not null;

    private static void Add(List<KeyValuePair<string, object?>> properties, PSPropertyInfo property)
    {
        try
        {
            if (property.IsGettable)
            {
                properties.Add(KeyValuePair.Create(property.Name, (object?)property.Value));
            }
        }
        catch (ExtendedTypeSystemException exception)
        {
            Debug.WriteLine(exception);
        }
    }
}
