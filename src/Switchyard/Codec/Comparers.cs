using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Reflection;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>How the dictionaries of PowerShell and .NET compare their keys, as far as that can be told to another process.</summary>
internal static class Comparers
{
    private const byte Default = 0;
    private const byte Ordinal = 1;
    private const byte OrdinalIgnoreCase = 2;
    private const byte Culture = 3;

    private static readonly Func<Hashtable, IEqualityComparer?>? _ofHashtable = typeof(Hashtable)
        .GetProperty("EqualityComparer", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod
        ?.CreateDelegate<Func<Hashtable, IEqualityComparer?>>();

    private static readonly FieldInfo? _ofOrdered =
        typeof(OrderedDictionary).GetField("_comparer", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>The comparer of a hashtable.</summary>
    /// <param name="table">The hashtable.</param>
    /// <returns>The comparer; null for the default.</returns>
    public static IEqualityComparer? Of(Hashtable table) => _ofHashtable?.Invoke(table);

    /// <summary>The comparer of an ordered dictionary.</summary>
    /// <param name="dictionary">The dictionary.</param>
    /// <returns>The comparer; null for the default.</returns>
    public static IEqualityComparer? Of(OrderedDictionary dictionary) =>
        _ofOrdered is null ? StringComparer.OrdinalIgnoreCase : _ofOrdered.GetValue(dictionary) as IEqualityComparer;

    /// <summary>Writes a comparer.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="comparer">The comparer; null for the default.</param>
    /// <returns>False if it is not one that another process could have; then nothing was written.</returns>
    public static bool TryWrite(WireWriter writer, object? comparer)
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
            return false;
        }

        return true;
    }

    /// <summary>Reads a comparer.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The comparer; null for the default.</returns>
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
}
