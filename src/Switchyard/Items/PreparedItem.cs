using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Items;

/// <summary>An item with what only the caller's own session can do for it; or one that is not to be run.</summary>
internal sealed record PreparedItem(object? Item) : IItemWithFiles
{
    /// <summary>What the blocks among an executable's arguments have made, in their places; null in those of templates.</summary>
    public string?[] Arguments { get; init; } = [];

    /// <summary>The item as it is sent to a process, if only the caller's session could write it.</summary>
    public byte[]? Snapshot { get; init; }

    /// <summary>Why it fails without being run, such as the error of a block.</summary>
    public ErrorRecord? Failure { get; init; }

    /// <summary>The files that go with it to where it runs; null if there are none.</summary>
    public ItemFiles? Files { get; init; }
}
