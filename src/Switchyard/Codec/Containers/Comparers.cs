using System.Collections.Specialized;
using System.Runtime.Serialization;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Containers;

/// <summary>How the dictionaries of PowerShell and .NET compare their keys, as far as that can be told to another process.</summary>
internal static class Comparers
{
    private const byte Default = 0;
    private const byte Ordinal = 1;
    private const byte OrdinalIgnoreCase = 2;
    private const byte Culture = 3;

    private static readonly Func<Hashtable, IEqualityComparer?>? _ofHashtable =
        EngineMembers.TryBind(() => EngineMembers.HashtableComparer.Required.GetMethod!.CreateDelegate<Func<Hashtable, IEqualityComparer?>>());

    /// <summary>The comparer of a hashtable; null for the default.</summary>
    public static IEqualityComparer? Of(Hashtable table) => _ofHashtable is null ? Serialized(table) : _ofHashtable(table);

    /// <summary>The comparer of an ordered dictionary; null for the default.</summary>
    public static IEqualityComparer? Of(OrderedDictionary dictionary) => EngineMembers.OrderedComparer.IsMissing
        ? Serialized(dictionary)
        : EngineMembers.OrderedComparer.Get(dictionary) as IEqualityComparer;

    /// <summary>Whether a comparer is one that another process could have; null is the default.</summary>
    public static bool CanWrite(object? comparer) => comparer is null
        || (comparer is IEqualityComparer<string?> text
            && (StringComparer.IsWellKnownOrdinalComparer(text, out _) || StringComparer.IsWellKnownCultureAwareComparer(text, out _, out _)));

    /// <summary>The comparer for a hashtable that stands for a dictionary: the same if it can be sent, and otherwise as the engine's, which looks away from case.</summary>
    public static object? Nearest(IDictionary dictionary)
    {
        bool isKnown = dictionary is Hashtable or OrderedDictionary || dictionary.GetType().GetProperty("Comparer") is not null;
        object? comparer = dictionary switch
        {
            Hashtable table => Of(table),
            OrderedDictionary ordered => Of(ordered),
            _ => CollectionKinds.ComparerOf(dictionary),
        };
        string[] texts = isKnown && CanWrite(comparer) ? [] : [.. dictionary.Keys.OfType<string>()];
        return isKnown && CanWrite(comparer) ? comparer
            : texts.Distinct(StringComparer.OrdinalIgnoreCase).Count() == texts.Length ? StringComparer.OrdinalIgnoreCase
            : null;
    }

    /// <summary>Writes a comparer that can be.</summary>
    public static void Write(WireWriter writer, object? comparer)
    {
        if (comparer is null)
        {
            writer.WriteByte(Default);
        }
        else if (comparer is IEqualityComparer<string?> text && StringComparer.IsWellKnownOrdinalComparer(text, out bool ignoreCase))
        {
            writer.WriteByte(ignoreCase ? OrdinalIgnoreCase : Ordinal);
        }
        else if (comparer is IEqualityComparer<string?> cultural
            && StringComparer.IsWellKnownCultureAwareComparer(cultural, out CompareInfo? info, out CompareOptions options))
        {
            writer.WriteByte(Culture);
            writer.WriteString(info.Name);
            writer.WriteCount((int)options);
        }
        else
        {
            throw new NotSupportedException(comparer.GetType().ToString());
        }
    }

    /// <summary>Reads a comparer; null for the default.</summary>
    public static StringComparer? Read(WireReader reader)
    {
        switch (reader.ReadByte())
        {
            case Default:
                return null;
            case Ordinal:
                return StringComparer.Ordinal;
            case OrdinalIgnoreCase:
                return StringComparer.OrdinalIgnoreCase;
            case Culture:
                string name = reader.ReadText();
                return StringComparer.Create(CultureInfo.GetCultureInfo(name), (CompareOptions)reader.ReadCount(0));
            default:
                throw new MalformedFrameException(Messages.ComparerOfNoKind);
        }
    }

    // What is public of it copies all of the dictionary.
    private static IEqualityComparer? Serialized(ISerializable dictionary)
    {
#pragma warning disable SYSLIB0050 // Nothing is serialized: it is only asked.
        SerializationInfo info = new(dictionary.GetType(), new FormatterConverter());
        dictionary.GetObjectData(info, new StreamingContext(StreamingContextStates.Clone));
#pragma warning restore SYSLIB0050
        foreach (SerializationEntry entry in info)
        {
            if (entry.Value is IEqualityComparer comparer)
            {
                return comparer;
            }
        }

        return null;
    }
}
