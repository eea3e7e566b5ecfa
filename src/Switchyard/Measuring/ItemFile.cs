namespace Switchyard.Measuring;

/// <summary>The file that an item is.</summary>
internal static class ItemFile
{
    /// <returns>Null if it is none, or the file is not there.</returns>
    public static FileInfo? Of(object? item) => PSObjects.Unwrap(item) is FileInfo { Exists: true } file ? file : null;
}
