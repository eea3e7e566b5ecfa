namespace Microsoft.PowerShell.Commands;

/// <summary>A value to order by, or that the object has none.</summary>
internal readonly record struct OrderedValue(bool Exists, object? Value);
