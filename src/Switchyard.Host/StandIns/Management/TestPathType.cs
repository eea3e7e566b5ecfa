namespace Microsoft.PowerShell.Commands;

/// <summary>What Test-Path looks for.</summary>
public enum TestPathType
{
    Any,
    Container,
    Leaf,
}
