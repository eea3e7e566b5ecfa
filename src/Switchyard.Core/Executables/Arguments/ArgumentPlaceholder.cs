namespace Switchyard.Core.Executables.Arguments;

/// <summary>What stands in an argument for a part of the item, or of the run.</summary>
internal enum ArgumentPlaceholder
{
    None,

    Item,

    WithoutExtension,

    FileName,

    Folder,

    FileNameWithoutExtension,

    /// <summary><c>{#}</c>: its number, from 1.</summary>
    Number,

    /// <summary><c>{%}</c>: the worker's number, from 1.</summary>
    Slot,
}
