using System.Collections.Concurrent;

namespace Switchyard.Journal;

/// <summary>
/// The part of a value that is the same at any time and in any process. Of objects that change by themselves, or are costly to compare, that
/// is their type.
/// </summary>
internal static class StableContent
{
    private const int MaxDepth = 8;

    // Comparing more than this would take longer than it is useful.
    private const int MaxCount = 100_000;

    public static object? Of(object? value) => Of(value, MaxDepth);

    private static object? Of(object? value, int depth)
    {
        object? bare = PSObjects.Unwrap(value);
        return bare switch
        {
            null => null,
            string or IConvertible or IFormattable or Version or Uri or FileSystemInfo or byte[] => bare,
            ICollection { Count: > MaxCount } many => $"{many.GetType().FullName} of {many.Count}",
            IDictionary entries when depth > 0 && !IsShared(bare) => OfEntries(entries, depth),
            IList elements when depth > 0 && !IsShared(bare) => elements.Cast<object?>().Select(element => Of(element, depth - 1)).ToArray(),
            PSCustomObject when depth > 0 && value is PSObject custom => OfNotes(custom, depth),
            _ => bare.GetType().FullName,
        };
    }

    private static bool IsShared(object value) =>
        value is ICollection { IsSynchronized: true } || value.GetType().Namespace == typeof(ConcurrentDictionary<,>).Namespace;

    private static Hashtable OfEntries(IDictionary entries, int depth)
    {
        Hashtable stable = [];
        foreach (DictionaryEntry entry in entries)
        {
            stable[Of(entry.Key, 0) ?? string.Empty] = Of(entry.Value, depth - 1);
        }

        return stable;
    }

    private static Hashtable OfNotes(PSObject custom, int depth)
    {
        Hashtable stable = [];
        foreach (PSNoteProperty note in custom.Properties.OfType<PSNoteProperty>())
        {
            stable[note.Name] = Of(note.Value, depth - 1);
        }

        return stable;
    }
}
