using System.Security;

namespace Switchyard.Items;

/// <summary>How much work an item is, as far as that can be told before it runs. Not a number where it cannot.</summary>
internal static class ItemWeights
{
    /// <summary>Says what items are weighed by.</summary>
    /// <param name="property">The property that the caller names; null for what files are weighed by, if that can shorten the batch.</param>
    /// <param name="workers">How many items run at a time: one after the other they take the same time in any order, and then the input's is the least surprise.</param>
    public static Func<object?, double>? By(string? property, int workers) =>
        property is not null ? item => ByProperty(property, item) : workers > 1 ? ByLength : null;

    private static double ByLength(object? input)
    {
        object? item = PSObjects.ItemOf(input);
        return PSObjects.Unwrap(item) is FileInfo file ? LengthOf(item!, file) : double.NaN;
    }

    private static double LengthOf(object item, FileInfo file)
    {
        try
        {
            // A provider has read all there is to know of its files. Any other keeps what it reads first, and that is for its own code to decide.
            bool isRead = item is PSObject wrapper && wrapper.Properties["PSPath"] is not null;
            return (isRead ? file : new FileInfo(file.FullName)).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException or ArgumentException)
        {
            // What is wrong with the file is told to who opens it.
            return double.NaN;
        }
    }

    private static double ByProperty(string name, object? input)
    {
        object? item = PSObjects.ItemOf(input);
        try
        {
            object? value = PSObjects.Unwrap(item) is IDictionary entries && entries.Contains(name) ? entries[name]
                : item is null ? null
                : PSObject.AsPSObject(item).Properties[name]?.Value;
            value = PSObjects.Unwrap(value) is TimeSpan time ? time.TotalSeconds : PSObjects.Unwrap(value);

            // The engine takes nothing, an empty text and a sign for numbers, too.
            bool mayBeNumber = value is not (null or char or bool) && !(value is string text && string.IsNullOrWhiteSpace(text));
            return mayBeNumber && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out double weight) && double.IsFinite(weight) ? weight : double.NaN;
        }
        catch (Exception exception) when (exception is ExtendedTypeSystemException or InvalidOperationException)
        {
            // A property that is a script, which fails, or has no session to run in.
            return double.NaN;
        }
    }
}
