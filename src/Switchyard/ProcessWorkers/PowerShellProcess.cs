using Switchyard.Core.Processes;
using Switchyard.Core.Transports;
using Switchyard.Errors;
using Switchyard.Executables;

namespace Switchyard.ProcessWorkers;

/// <summary>How a PowerShell is started as a worker.</summary>
internal static class PowerShellProcess
{
    // What a worker need not do, and what it would leave behind when it is killed. A batch's own environment is without them.
    private static readonly KeyValuePair<string, string?>[] _quiet =
    [
        new("POWERSHELL_TELEMETRY_OPTOUT", "1"),
        new("POWERSHELL_UPDATECHECK", "Off"),
        new("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),
        new("DOTNET_EnableDiagnostics", "0"),
    ];

    /// <summary>Makes the options of a worker.</summary>
    /// <param name="path">The PowerShell that was asked for; null for the one that this is.</param>
    /// <exception cref="BatchException">There is no such PowerShell.</exception>
    public static ChildTransportOptions CreateOptions(
        ExecutableFinder finder, string? path, IReadOnlyList<KeyValuePair<string, string?>> changes, out string name)
    {
        string[] before;
        string program = path is null ? finder.FindOwnPowerShell(out before) : finder.FindPowerShell(path, out before);
        name = Path.GetFileName(before is [var tool] ? tool : program);
        return new ChildTransportOptions
        {
            FileName = program,
            Arguments = [.. before, "-NoProfile", "-NonInteractive", "-Command", WorkerEntryPoint.Command],
            Environment = new ChildEnvironment([.. changes, .. _quiet.Where(quiet => !changes.Any(change => change.Key == quiet.Key))]),
            Distinction = string.Join('\0', changes.OrderBy(change => change.Key, StringComparer.Ordinal).Select(change => change.Key + "=" + change.Value)),
        };
    }
}
