using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using Switchyard.Codec.Containers;

namespace Switchyard.Codec;

/// <summary>
/// The types of which every object arrives as one of that type: only a collection whose elements do can be made again as what it was.
/// </summary>
internal static class LiveTypes
{
    private static readonly HashSet<Type> _known =
    [
        typeof(object), typeof(PSObject), typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly),
        typeof(TimeOnly), typeof(Guid), typeof(Version), typeof(Uri), typeof(BigInteger), typeof(FileInfo), typeof(DirectoryInfo), typeof(IPAddress),
        typeof(CultureInfo), typeof(Regex), typeof(Hashtable), typeof(ArrayList), typeof(OrderedDictionary), typeof(Queue), typeof(Stack),
        typeof(FileSystemInfo), typeof(SwitchParameter), typeof(PSCredential), typeof(ErrorRecord),
    ];

    // What a type is made of never changes: a cache, and nothing that one batch could see of another.
    private static readonly ConcurrentDictionary<Type, bool> _answers = new();

    public static bool Contain(Type type) => _answers.GetOrAdd(type, Find);

    private static bool Find(Type type)
    {
        if (type.IsArray)
        {
            return Contain(type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Contain(value);
        }

        return _known.Contains(type)
            || (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint))
            || (type.IsEnum && TypeNames.NameOf(type) is not null)
            || ((CollectionKinds.IsDictionary(type) || CollectionKinds.IsSequence(type)) && type.GenericTypeArguments.All(Contain));
    }
}
