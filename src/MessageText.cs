using System.Globalization;

namespace Switchyard;

/// <summary>Puts what a message tells of into its places.</summary>
internal static class MessageText
{
    /// <summary>Fills a message.</summary>
    /// <param name="message">The message, with places such as <c>{0}</c>.</param>
    /// <param name="arguments">What goes there, written as the user's culture writes it.</param>
    public static string Format(string message, params object?[] arguments) =>
        string.Format(CultureInfo.CurrentCulture, message, arguments);

    /// <summary>Fills a message with figures, which look the same wherever they are read.</summary>
    /// <param name="message">The message, with places such as <c>{0:0.0}</c>.</param>
    public static string FormatFigures(string message, params object?[] figures) =>
        string.Format(CultureInfo.InvariantCulture, message, figures);
}
