using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports.Schedulers;

/// <summary>How workers are started as tasks of Slurm.</summary>
internal sealed record SlurmOptions
{
    /// <summary>Path of <c>srun</c>.</summary>
    public required string Srun { get; init; }

    /// <summary>Path of <c>salloc</c>; null inside an allocation, which is used then.</summary>
    public required string? Salloc { get; init; }

    /// <summary>The allocation that this process is in; null for none.</summary>
    public string? JobId { get; init; }

    /// <summary>Options of the user's: of <c>salloc</c>, inside an allocation of <c>srun</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>How many tasks an allocation has that is made.</summary>
    public required int Tasks { get; init; }

    /// <summary>What each task runs.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What a worker is sent that lacks the module.</summary>
    public required Func<byte[]> Package { get; init; }

    public required string? WorkingDirectory { get; init; }

    /// <summary>Takes what the user is to know while nothing happens. On any thread.</summary>
    public Action<string> Notify { get; init; } = _ => { };

    public ChildEnvironment Environment { get; } = new([]);
}
