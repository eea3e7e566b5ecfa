namespace Switchyard.Core.Journal;

/// <summary>What an item in a journal is.</summary>
public enum ItemKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number, or one with a decimal point.</summary>
    Number,

    /// <summary>A file, by its full path.</summary>
    File,

    /// <summary>A folder, by its full path.</summary>
    Directory,

    /// <summary>Anything else.</summary>
    Other,
}
