using System.Management.Automation;

namespace Switchyard;

/// <summary>An item with what only the caller's own session can do for it; or one that is not to be run.</summary>
/// <param name="Item">The item.</param>
internal sealed record PreparedItem(object? Item)
{
    /// <summary>What the blocks among an executable's arguments have made, in their places; null in those of templates.</summary>
    public string?[] Arguments { get; init; } = [];

    /// <summary>The item as CLIXML, if that is how it is sent to a process; null if not.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Why it fails without being run, such as the error of a block; null if it does not.</summary>
    public ErrorRecord? Failure { get; init; }
}
