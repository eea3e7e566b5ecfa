namespace Switchyard.Executables;

/// <summary>What an item is to a program, which knows only text, files and bytes.</summary>
internal static class ArgumentText
{
    /// <summary>The item's text: a file's or folder's full path; of anything else what PowerShell makes of it as a string.</summary>
    /// <returns>The text; empty for null.</returns>
    /// <exception cref="RuntimeException">It has none but the name of its type, as a hashtable.</exception>
    public static string Of(object? item) => PSObjects.Unwrap(item) switch
    {
        null => string.Empty,
        string text => text,
        FileSystemInfo file => file.FullName,
        PathInfo path => path.ProviderPath,
        { } value when FindWithoutText(value) is { } type => throw new RuntimeException(MessageText.Format(Messages.NoTextOfItsOwn, type.Name)),
        _ => LanguagePrimitives.ConvertTo<string>(item) ?? string.Empty,
    };

    private static Type? FindWithoutText(object value) => value switch
    {
        PSObject or IConvertible or IFormattable => null,
        IDictionary => value.GetType(),

        // Of its elements each is asked for its text, and a list among them gives none.
        ICollection list => list.Cast<object?>().Select(PSObjects.Unwrap).OfType<object>()
            .Select(element => element is ICollection ? element.GetType() : FindWithoutText(element))
            .FirstOrDefault(type => type is not null),
        _ => value.ToString() == value.GetType().ToString() && LanguagePrimitives.ConvertTo<string>(value) == value.ToString() ? value.GetType() : null,
    };
}
