using System.Management.Automation;

namespace Switchyard;

/// <summary>An item whose argument blocks have been evaluated, which only the caller's own session can do; or one that is not to be run.</summary>
/// <param name="Item">The item.</param>
/// <param name="Arguments">What the blocks have made, in their places; null in those of templates.</param>
/// <param name="Failure">Why it fails without being run, such as the error of a block; null if it does not.</param>
internal sealed record PreparedItem(object? Item, string?[] Arguments, ErrorRecord? Failure);
