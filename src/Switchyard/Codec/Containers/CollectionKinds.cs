using System.Collections.Specialized;
using System.Reflection;

namespace Switchyard.Codec.Containers;

/// <summary>The generic collections that travel as what they are: made without arguments, or with a comparer, and filled one by one.</summary>
internal static class CollectionKinds
{
    private static readonly Type[] _dictionaries = [typeof(Dictionary<,>), typeof(SortedDictionary<,>), typeof(SortedList<,>)];

    private static readonly Type[] _sequences =
        [typeof(List<>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(SortedSet<>), typeof(System.Collections.ObjectModel.Collection<>)];

    public static bool IsDictionary(Type type) => type.IsGenericType && _dictionaries.Contains(type.GetGenericTypeDefinition());

    public static bool IsSequence(Type type) => type == typeof(Queue) || type == typeof(Stack) || (type.IsGenericType && _sequences.Contains(type.GetGenericTypeDefinition()));

    public static bool IsQueueOrStack(Type type) => PlainKind(type) is not null;

    /// <summary>The type that holds anything in the same way, of what is a queue or a stack.</summary>
    public static Type? PlainKindOf(object value) => PlainKind(value.GetType());

    /// <summary>Whether collections of a type can be made elsewhere, with all that they hold.</summary>
    public static bool IsLive(Type type) => LiveTypes.Contain(type) && TypeNames.NameOf(type) is not null;

    /// <summary>Whether something is a collection that cannot be made elsewhere as what it is, such as one of instances of a script's class.</summary>
    public static bool IsForeign(object value) => value switch
    {
        string => false,
        Array array => !IsLive(array.GetType().GetElementType()!),
        Hashtable table => table.GetType() != typeof(Hashtable) || !Comparers.CanWrite(Comparers.Of(table)),
        OrderedDictionary ordered => ordered.GetType() != typeof(OrderedDictionary) || !Comparers.CanWrite(Comparers.Of(ordered)),
        IDictionary dictionary => !IsDictionary(dictionary.GetType()) || !IsLive(dictionary.GetType()) || !Comparers.CanWrite(ComparerOf(dictionary)),
        ArrayList list => list.GetType() != typeof(ArrayList),
        IList or Queue or Stack => !IsSequence(value.GetType()) || !IsLive(value.GetType()),
        _ => IsQueueOrStack(value.GetType()) && !IsLive(value.GetType()),
    };

    /// <summary>The comparer of a dictionary or set.</summary>
    /// <returns>The comparer; null if it has none, or the default.</returns>
    public static object? ComparerOf(object collection)
    {
        PropertyInfo? property = collection.GetType().GetProperty("Comparer");
        object? comparer = property?.GetValue(collection);
        return comparer is null || property!.PropertyType.GenericTypeArguments is not [Type key]
            || IsDefault(comparer, typeof(EqualityComparer<>), key) || IsDefault(comparer, typeof(Comparer<>), key)
            ? null
            : comparer;
    }

    private static bool IsDefault(object comparer, Type kind, Type key) => comparer.Equals(kind.MakeGenericType(key).GetProperty("Default")!.GetValue(null));

    private static Type? PlainKind(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            Type kind = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
            if (kind == typeof(Queue) || kind == typeof(Queue<>))
            {
                return typeof(Queue);
            }

            if (kind == typeof(Stack) || kind == typeof(Stack<>))
            {
                return typeof(Stack);
            }
        }

        return null;
    }

    /// <summary>The items in the order in which they have to be added to get the same again.</summary>
    public static ICollection InOrderOfAdding(object collection)
    {
        ArrayList items = [.. (IEnumerable)collection];
        if (PlainKindOf(collection) == typeof(Stack))
        {
            items.Reverse();
        }

        return items;
    }

    /// <summary>Makes an empty dictionary.</summary>
    /// <param name="comparer">How it compares its keys; null for the default.</param>
    /// <returns>The dictionary; null if it cannot be made.</returns>
    public static IDictionary? MakeDictionary(Type type, StringComparer? comparer) =>
        IsDictionary(type)
            ? (IDictionary?)(comparer is null ? Activator.CreateInstance(type) : Activator.CreateInstance(type, comparer))
            : null;

    /// <summary>Makes an empty sequence.</summary>
    /// <returns>The sequence; null if it cannot be made.</returns>
    public static object? MakeSequence(Type type, StringComparer? comparer, out Action<object?> add)
    {
        object? collection = !IsSequence(type) ? null : comparer is null ? Activator.CreateInstance(type) : Activator.CreateInstance(type, comparer);
        if (collection is IList list)
        {
            add = item => list.Add(item);
            return collection;
        }

        Type[] element = type.IsGenericType ? type.GenericTypeArguments : [typeof(object)];
        MethodInfo? method = type.GetMethod("Enqueue", element) ?? type.GetMethod("Push", element) ?? type.GetMethod("AddLast", element) ?? type.GetMethod("Add", element);
        add = item => method!.Invoke(collection, [item]);
        return method is null ? null : collection;
    }
}
