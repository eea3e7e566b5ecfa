namespace Switchyard;

/// <summary>Puts what a message tells of into its places.</summary>
internal static class MessageText
{
    public static string Format(string message, params object?[] arguments) =>
        string.Format(CultureInfo.CurrentCulture, message, arguments);

    /// <summary>Fills a message with figures, which look the same wherever they are read.</summary>
    public static string FormatFigures(string message, params object?[] figures) =>
        string.Format(CultureInfo.InvariantCulture, message, figures);
}
