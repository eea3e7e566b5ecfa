using System.Reflection;
using Switchyard.Codec;

namespace Switchyard.Choosing.Values;

/// <summary>Whether an exception arrives from another process with all that it tells.</summary>
internal static class ErrorTraits
{
    public static bool Arrives(Exception? exception)
    {
        // What the engine notes in an exception's data has no name.
        for (; exception is not null; exception = exception.InnerException)
        {
            if (TypeNames.NameOf(exception.GetType()) is null || exception.Data.Keys.OfType<string>().Any() || exception is AggregateException || HoldsMore(exception))
            {
                return false;
            }
        }

        return true;
    }

    // Such as a server's response: what cannot be told by a text.
    private static bool HoldsMore(Exception exception)
    {
        foreach (PropertyInfo property in exception.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            Type held = property.PropertyType;
            if (property.DeclaringType != typeof(Exception) && held != typeof(string) && !held.IsValueType && held != typeof(ErrorRecord)
                && property.GetIndexParameters().Length == 0 && typeof(Exception).IsAssignableFrom(property.DeclaringType)
                && property.DeclaringType != typeof(RuntimeException) && Read(property, exception) is not (null or ICollection { Count: 0 }))
            {
                return true;
            }
        }

        return false;
    }

    private static object? Read(PropertyInfo property, Exception exception)
    {
        try
        {
            return property.GetValue(exception);
        }
        catch (TargetInvocationException)
        {
            // What cannot be read tells the caller nothing.
            return null;
        }
    }
}
