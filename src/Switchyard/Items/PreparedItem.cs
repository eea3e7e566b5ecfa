using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Items;

/// <summary>An item with what only the caller's own session can do for it; or one that is not to be run.</summary>
internal sealed record PreparedItem(object? Item) : IItemWithFiles
{
    /// <summary>The items of a group, each as it was prepared; null where items are run one by one.</summary>
    public IReadOnlyList<object?>? Members { get; init; }

    /// <summary>What a body is given: of a group an array, also of a single item.</summary>
    public object? Given => Members is [var only] ? new[] { PSObjects.ItemOf(only) } : Item;

    /// <summary>What the blocks among an executable's arguments have made, in their places; null in those of templates.</summary>
    public string?[] Arguments { get; init; } = [];

    /// <summary>The item as it is sent to a process, if only the caller's session could write it.</summary>
    public byte[]? Snapshot { get; init; }

    /// <summary>Why it fails without being run, such as the error of a block.</summary>
    public ErrorRecord? Failure { get; init; }

    /// <summary>The files that go with it to where it runs; null if there are none.</summary>
    public ItemFiles? Files { get; init; }

    /// <summary>Makes one of the items of a group, which is about its only item or the array of them. On any thread.</summary>
    public static PreparedItem Join(IReadOnlyList<object?> members) =>
        new(members is [var only] ? PSObjects.ItemOf(only) : members.Select(PSObjects.ItemOf).ToArray())
        {
            Members = members,
            Files = members.Any(member => member is PreparedItem { Files: not null })
                ? ItemFiles.OfGroup([.. members.Select(member => (member as PreparedItem)?.Files ?? ItemFiles.None)])
                : null,
        };
}
