using Switchyard.Errors;

namespace Switchyard.Control;

/// <summary>What is told of items and errors to who watches a batch. It is asked on other threads than the session's, so no code of the user's may run for it.</summary>
internal static class LineText
{
    private const int MaxLength = 80;
    private const int MaxError = 200;
    private const int MaxElements = 8;

    public static string OfItem(object? input) => PSObjects.Unwrap(input) switch
    {
        null => Messages.NullItem,
        string text => Shorten(text, MaxLength),
        FileSystemInfo file => Shorten(file.FullName, MaxLength),
        Uri or Version or Guid or DateTime or DateTimeOffset or TimeSpan or Enum => ItemText.Of(input),
        IFormattable number when number.GetType().IsPrimitive || number is decimal => number.ToString(null, CultureInfo.InvariantCulture),
        bool or char => ItemText.Of(input),
        PSObject custom => OfProperties(custom),
        object?[] group => Shorten(string.Join(", ", group.Take(MaxElements).Select(OfElement)) + (group.Length > MaxElements ? ", …" : string.Empty), MaxLength),
        { } other => other.GetType().Name,
    };

    public static string? OfError(object? error) => error switch
    {
        ErrorRecord record => Shorten(record.ErrorDetails?.Message ?? record.Exception.Message, MaxError),
        Exception exception => Shorten(exception.Message, MaxError),
        _ => null,
    };

    /// <summary>Makes a text one line, not longer than that.</summary>
    public static string Shorten(string text, int most)
    {
        // A script block may be long, and only its beginning is shown.
        string line = string.Join(' ', text.AsSpan(0, Math.Min(text.Length, 8 * most)).ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > most ? string.Concat(line.AsSpan(0, most - 1), "…") : line;
    }

    // An array may hold itself.
    private static string OfElement(object? element) => PSObjects.Unwrap(element) is object?[] inner ? inner.GetType().Name : OfItem(element);

    // Those that are values. Others may be code.
    private static string OfProperties(PSObject custom)
    {
        IEnumerable<string> notes = custom.Properties.OfType<PSNoteProperty>().Take(3)
            .Where(note => note.Value is null or string or ValueType)
            .Select(note => $"{note.Name}={note.Value}");
        return Shorten($"@{{{string.Join("; ", notes)}}}", MaxLength);
    }
}
