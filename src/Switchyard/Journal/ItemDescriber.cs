using Switchyard.Core.Gauges;
using Switchyard.Core.Journal;
using Switchyard.Errors;

namespace Switchyard.Journal;

/// <summary>Describes PowerShell's objects for a journal, and makes them again from it.</summary>
/// <param name="names">Which paths are one file's, whatever their case.</param>
internal sealed class ItemDescriber(FileSystemCase names) : IItemDescriber
{
    private const int MaxMessage = 2000;

    // What scripts build is kept whole, and of other objects what Export-Clixml keeps.
    private const int ComposedDepth = 8;
    private const int ObjectDepth = 2;

    private static readonly Type[] _otherTypes = [typeof(double), typeof(decimal), typeof(Guid), typeof(Version), typeof(DateTime), typeof(Uri), typeof(char)];

    private readonly object _lock = new();
    private readonly ItemContent _content = new(names);
    private readonly ItemContent _asWritten = new(names: null);

    public ItemKey Identify(object? item)
    {
        lock (_lock)
        {
            return _content.KeyOf(item);
        }
    }

    public ItemKey? IdentifyAsWritten(object? item)
    {
        // What has no parts holds no path.
        if (PSObjects.Unwrap(item) is null or string or ValueType)
        {
            return null;
        }

        lock (_lock)
        {
            return _asWritten.KeyOf(item);
        }
    }

    public IEnumerable<ItemKey> IdentifyOtherwise(object? item)
    {
        object? value = PSObjects.Unwrap(item);
        return (value is string text ? OthersOf(text) : value is FileSystemInfo file ? [file.FullName, file.Name, file.ToString()] : TextOf(value)).Select(Identify);
    }

    public ItemDescription Describe(object? item, bool isWhole)
    {
        object? value = PSObjects.Unwrap(item);
        return value switch
        {
            null => new ItemDescription(ItemKind.Null, string.Empty),
            string text when IsUnicode(text) => new ItemDescription(ItemKind.Text, text),
            int number => new ItemDescription(ItemKind.Number, number.ToString(CultureInfo.InvariantCulture)),
            long number => new ItemDescription(ItemKind.Number, number.ToString(CultureInfo.InvariantCulture)),
            FileInfo file => new ItemDescription(ItemKind.File, file.FullName),
            DirectoryInfo directory => new ItemDescription(ItemKind.Directory, directory.FullName),

            // What was refused is not to come back as something else.
            ScriptBlock => new ItemDescription(ItemKind.Other, ItemText.Of(value)),
            BatchJournalEntry entry => new ItemDescription(ItemKind.Other, entry.ItemText),
            _ => new ItemDescription(ItemKind.Other, ItemText.Of(value), isWhole ? Serialize(value) : null),
        };
    }

    public ErrorDescription? DescribeError(object error, bool hasFailed)
    {
        if (error is not ErrorRecord record)
        {
            return new ErrorDescription(string.Empty, error.ToString() ?? string.Empty);
        }

        if (!hasFailed && StandardErrorFilter.Instance.IsStandardError(record))
        {
            return null;
        }

        string message = record.ToString();
        return new ErrorDescription(record.FullyQualifiedErrorId, message.Length > MaxMessage ? message[..MaxMessage] : message);
    }

    /// <summary>Makes an item again.</summary>
    /// <returns>The item; null also if too little is said of it.</returns>
    public static object? Restore(JournalEntry entry)
    {
        string text = entry.Item.Text;
        return entry.Item.Kind switch
        {
            _ when entry.IsCut => null,
            ItemKind.Text => text,
            ItemKind.Number => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small) ? small
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large) ? large
                : null,
            ItemKind.File => new FileInfo(text),
            ItemKind.Directory => new DirectoryInfo(text),
            ItemKind.Other when entry.Item.Serialized is { } serialized => Deserialize(serialized),
            _ => null,
        };
    }

    private static IEnumerable<object> OthersOf(string text)
    {
        if (text.Length > 0 && text.Length < MaxMessage && !text.Contains('\0', StringComparison.Ordinal))
        {
            // A name on its own is one in the current folder.
            yield return new FileInfo(text);
            yield return new DirectoryInfo(text);
        }

        foreach (Type type in _otherTypes)
        {
            if (LanguagePrimitives.TryConvertTo(text, type, CultureInfo.InvariantCulture, out object other) && other is not null)
            {
                yield return other;
            }
        }
    }

    // What is made of parts has no text that would be its own.
    private static IEnumerable<object> TextOf(object? value) =>
        value is null or PSObject || (value is IEnumerable and not string) ? [] : [LanguagePrimitives.ConvertTo<string>(value)];

    private static bool IsUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Serialize(object value)
    {
        try
        {
            return PSSerializer.Serialize(value, value is PSObject or IDictionary or IList ? ComposedDepth : ObjectDepth);
        }
        catch (Exception exception) when (exception is RuntimeException or InvalidOperationException or NotSupportedException)
        {
            // It is known by its text then, and cannot be had from the journal.
            Debug.WriteLine(exception);
            return null;
        }
    }

    private static object? Deserialize(string serialized)
    {
        try
        {
            return InputBlock.Restore(PSSerializer.Deserialize(serialized));
        }
        catch (Exception exception) when (exception is RuntimeException or InvalidOperationException or System.Xml.XmlException)
        {
            Debug.WriteLine(exception);
            return null;
        }
    }
}
