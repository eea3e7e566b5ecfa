namespace Switchyard.Executables;

/// <summary>What an item is to a program, which knows only text, files and bytes.</summary>
internal static class ArgumentText
{
    /// <summary>The item's text: a file's or folder's full path; of anything else what PowerShell makes of it as a string.</summary>
    /// <returns>The text; empty for null.</returns>
    public static string Of(object? item) => PSObjects.Unwrap(item) switch
    {
        null => string.Empty,
        string text => text,
        FileSystemInfo file => file.FullName,
        PathInfo path => path.ProviderPath,
        _ => LanguagePrimitives.ConvertTo<string>(item) ?? string.Empty,
    };
}
