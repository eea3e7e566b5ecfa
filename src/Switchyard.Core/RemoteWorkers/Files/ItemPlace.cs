namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>What becomes of an item that is a file which was sent.</summary>
internal enum ItemPlace
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>It is the same file there.</summary>
    File,

    /// <summary>It is a text, and becomes the path there.</summary>
    Text,
}
