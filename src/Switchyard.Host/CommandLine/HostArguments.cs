using System.Management.Automation.Runspaces;

namespace Switchyard.Host.CommandLine;

/// <summary>The command line, understood.</summary>
internal sealed record HostArguments
{
    /// <summary>What is to be done.</summary>
    public required HostAction Action { get; init; }

    /// <summary>What is wrong with the command line, if <see cref="Action"/> is <see cref="HostAction.Usage"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The script text of <see cref="HostAction.Command"/>, or the full path of <see cref="HostAction.File"/>.</summary>
    public string Script { get; init; } = string.Empty;

    /// <summary>What is passed to the script.</summary>
    public IReadOnlyList<CommandParameter> ScriptArguments { get; init; } = [];

    /// <summary>Where the session starts, or null for the process's own folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Whether questions to the user are errors.</summary>
    public bool NonInteractive { get; init; }
}
