using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;

namespace Switchyard.Journal;

/// <summary>
/// What of a value is the same whenever and wherever it is looked at. Of objects that change by themselves, or are costly to look at, that
/// is their type.
/// </summary>
internal static class StableContent
{
    private const int MaxDepth = 8;

    // Whether more data than this is the same is not worth the time that it takes to find out.
    private const int MaxCount = 100_000;

    /// <summary>Finds it.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value, or what is left of it.</returns>
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
