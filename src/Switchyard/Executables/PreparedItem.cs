using System.Management.Automation;

namespace Switchyard.Executables;

/// <summary>An item whose argument blocks have been evaluated, which only the caller's own session can do.</summary>
/// <param name="Item">The item.</param>
/// <param name="Arguments">What the blocks have made, in their places; null in those of templates.</param>
/// <param name="Failure">The error of a block; null if there was none.</param>
internal sealed record PreparedItem(object? Item, string?[] Arguments, ErrorRecord? Failure);
