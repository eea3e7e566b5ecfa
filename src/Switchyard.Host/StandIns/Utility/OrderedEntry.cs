using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>An object and the values that it is ordered by.</summary>
internal sealed record OrderedEntry(PSObject Item, OrderedValue[] Values);
