using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.ProcessWorkers.Hosts;

namespace Switchyard.ProcessWorkers;

/// <summary>A script block for worker processes, and what is wanted of those, as the cmdlets' parameters say.</summary>
internal sealed record ProcessWorkOptions
{
    public required ScriptBlock Body { get; init; }

    public object?[] Arguments { get; init; } = [];

    /// <summary>The folder that items start in; the caller's if null.</summary>
    public string? WorkingDirectory { get; init; }

    public IDictionary? Environment { get; init; }

    /// <summary>How many run at a time; 0 if not given.</summary>
    public int ThrottleLimit { get; init; }

    /// <summary>Takes a warning about something that is not sent along. Called on the caller's thread.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>The PowerShell that the workers are; the running one if null.</summary>
    public string? PowerShellPath { get; init; }

    /// <summary>The machines that they are on; null for this one.</summary>
    public HostOptions? Hosts { get; init; }

    /// <summary>Whether they may have served another batch, and are left to a later one.</summary>
    public bool Reuses { get; init; } = true;

    /// <summary>How long one waits for another batch before it ends.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how many items one is replaced; null for never.</summary>
    public int? MaxItems { get; init; }

    /// <summary>Bytes of memory above which one is replaced; null for none.</summary>
    public long? MaxMemory { get; init; }

    public bool NeedsTimes { get; init; }

    /// <summary>Whether items come in groups.</summary>
    public bool SendsGroups { get; init; }

    /// <summary>Whether Retry-After is looked for in errors.</summary>
    public bool HonoursRetryAfter { get; init; }

    /// <summary>The modules that other machines are sent.</summary>
    public IReadOnlyList<SentModule> Modules { get; init; } = [];

    /// <summary>How files go to other machines and come back; null if none do.</summary>
    public TransferOptions? Files { get; init; }
}
