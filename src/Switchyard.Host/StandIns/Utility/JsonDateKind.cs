namespace Microsoft.PowerShell.Commands;

/// <summary>What ConvertFrom-Json makes of dates.</summary>
public enum JsonDateKind
{
    Default,
    Local,
    Utc,
    Offset,
    String,
}
