namespace Switchyard.ProcessWorkers;

/// <summary>What is wanted of the processes that run a script block.</summary>
internal sealed record ProcessWorkOptions
{
    /// <summary>The PowerShell that they are; the running one if null.</summary>
    public string? PowerShellPath { get; init; }

    /// <summary>Whether they may have served another batch, and are left to a later one.</summary>
    public bool Reuses { get; init; } = true;

    /// <summary>How long one waits for another batch before it ends.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how many items one is replaced; null for never.</summary>
    public int? MaxItems { get; init; }

    /// <summary>Bytes of memory above which one is replaced; null for none.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>Whether anybody wants to know what an item took.</summary>
    public bool NeedsTimes { get; init; }

    /// <summary>Whether a server's wish to be left alone is looked for in errors.</summary>
    public bool HonoursRetryAfter { get; init; }
}
