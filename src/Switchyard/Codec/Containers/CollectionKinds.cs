using System.Reflection;

namespace Switchyard.Codec.Containers;

/// <summary>The generic collections that travel as what they are: made without arguments, or with a comparer, and filled one by one.</summary>
internal static class CollectionKinds
{
    private static readonly Type[] _dictionaries = [typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>)];

    private static readonly Type[] _sequences =
        [typeof(List<>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(SortedSet<>), typeof(System.Collections.ObjectModel.Collection<>)];

    public static bool IsDictionary(Type type) => _dictionaries.Contains(type.GetGenericTypeDefinition());

    public static bool IsSequence(Type type) => _sequences.Contains(type.GetGenericTypeDefinition());

    /// <summary>The comparer of a dictionary or set.</summary>
    /// <returns>The comparer; null if it has none, or the default.</returns>
    public static object? ComparerOf(object collection)
    {
        Type type = collection.GetType();
        object? comparer = type.GetProperty("Comparer")?.GetValue(collection);
        return comparer is null || IsDefault(comparer, typeof(EqualityComparer<>), type) || IsDefault(comparer, typeof(Comparer<>), type)
            ? null
            : comparer;
    }

    /// <summary>Whether a collection that is no dictionary has no comparer that would get lost.</summary>
    public static bool HasUsualComparer(object collection) => ComparerOf(collection) is null;

    private static bool IsDefault(object comparer, Type kind, Type collection) =>
        comparer.Equals(kind.MakeGenericType(collection.GenericTypeArguments[0]).GetProperty("Default")!.GetValue(null));

    /// <summary>The items in the order in which they have to be added to get the same again.</summary>
    public static ICollection InOrderOfAdding(object collection)
    {
        ArrayList items = [.. (IEnumerable)collection];
        if (collection.GetType().GetGenericTypeDefinition() == typeof(Stack<>))
        {
            items.Reverse();
        }

        return items;
    }

    /// <summary>Makes an empty dictionary.</summary>
    /// <param name="comparer">How it compares its keys; null for the default.</param>
    /// <returns>The dictionary; null if it cannot be made.</returns>
    public static IDictionary? MakeDictionary(Type type, StringComparer? comparer) =>
        type.IsGenericType && IsDictionary(type)
            ? (IDictionary?)(comparer is null ? Activator.CreateInstance(type) : Activator.CreateInstance(type, comparer))
            : null;

    /// <summary>Makes an empty sequence.</summary>
    /// <returns>The sequence; null if it cannot be made.</returns>
    public static object? MakeSequence(Type type, out Action<object?> add)
    {
        object? collection = type.IsGenericType && IsSequence(type) ? Activator.CreateInstance(type) : null;
        if (collection is IList list)
        {
            add = item => list.Add(item);
            return collection;
        }

        Type[] element = type.GenericTypeArguments;
        MethodInfo? method = type.GetMethod("Enqueue", element) ?? type.GetMethod("Push", element) ?? type.GetMethod("AddLast", element) ?? type.GetMethod("Add", element);
        add = item => method!.Invoke(collection, [item]);
        return method is null ? null : collection;
    }
}
