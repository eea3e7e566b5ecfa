using System.Text.RegularExpressions;

namespace Switchyard;

/// <summary>Puts what a message tells of into its places.</summary>
internal static partial class MessageText
{
    public static string Format(string message, params object?[] arguments)
    {
        // What the system or another's code says stands before what to do, as a sentence: not all of them end with a full stop.
        foreach (Match place in Cause().Matches(message))
        {
            ref object? cause = ref arguments[int.Parse(place.ValueSpan[3..^1], CultureInfo.InvariantCulture)];
            if (cause is string text && text.TrimEnd() is { Length: > 0 } said && !".!?…:;".Contains(said[^1], StringComparison.Ordinal))
            {
                cause = said + ".";
            }
        }

        return string.Format(CultureInfo.CurrentCulture, message, arguments);
    }

    /// <summary>Fills a message with figures, which look the same wherever they are read.</summary>
    public static string FormatFigures(string message, params object?[] figures) =>
        string.Format(CultureInfo.InvariantCulture, message, figures);

    [GeneratedRegex(@": \{\d\}(?= [A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Cause();
}
