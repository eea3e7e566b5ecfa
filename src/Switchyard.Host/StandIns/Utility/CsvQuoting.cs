namespace Microsoft.PowerShell.Commands;

/// <summary>Which values get quotes.</summary>
public enum CsvQuoting
{
    Never,
    Always,
    AsNeeded,
}
