namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>What a far worker asks of the files of an item that it was sent; the item's number and the file's follow.</summary>
internal enum FileRequest : byte
{
    /// <summary>A file that was to be sent.</summary>
    Get = 1,

    /// <summary>The hash of one, as it may be there.</summary>
    Hash = 2,

    /// <summary>A file that was to be brought back comes.</summary>
    Put = 3,
}
