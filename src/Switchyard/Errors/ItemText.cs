namespace Switchyard.Errors;

/// <summary>How an item is named in a message.</summary>
internal static class ItemText
{
    private const int MaxLength = 80;

    /// <summary>The item's text, in one line and not too long.</summary>
    /// <returns>Its text in quotes, or <c>$null</c>.</returns>
    public static string Quote(object? item) =>
        PSObjects.Unwrap(item) is null ? Of(item) : string.Create(CultureInfo.InvariantCulture, $"'{Of(item)}'");

    /// <summary>The item's text, in one line and not too long, for where it is quoted already.</summary>
    /// <returns>Its text, or <c>$null</c>.</returns>
    public static string Of(object? item)
    {
        if (item is PreparedItem { Members: { Count: > 1 } members })
        {
            return MessageText.Format(Messages.ItemAndMore, Of(members[0]), members.Count - 1);
        }

        object? value = PSObjects.Unwrap(item);
        if (value is null)
        {
            return Messages.NullItem;
        }

        string text;
        try
        {
            text = LanguagePrimitives.ConvertTo<string>(value);
        }
        catch (Exception exception) when (exception is PSInvalidCastException or RuntimeException)
        {
            text = value.GetType().Name;
        }

        text = text.ReplaceLineEndings(" ");
        return text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength - 1), "…") : text;
    }
}
