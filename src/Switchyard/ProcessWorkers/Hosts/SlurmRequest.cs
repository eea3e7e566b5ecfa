using Switchyard.Core.Transports.Callbacks;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>That workers are tasks of Slurm, as the cmdlet's parameters say.</summary>
/// <param name="Options">Of <c>salloc</c>, or of <c>srun</c> inside an allocation.</param>
/// <param name="Tasks">How many.</param>
/// <param name="Callback">Where they can connect to this machine.</param>
internal sealed record SlurmRequest(IReadOnlyList<string> Options, int Tasks, CallbackOptions Callback)
{
    /// <summary>The allocation that this process is in; null for none.</summary>
    public static string? OwnJob => Environment.GetEnvironmentVariable("SLURM_JOB_ID") is { Length: > 0 } job ? job : null;

    /// <summary>How many tasks there are if that is not said: those of the allocation that this process is in, else as many as this machine has cores.</summary>
    public static int UsualTasks =>
        OwnJob is not null && int.TryParse(Environment.GetEnvironmentVariable("SLURM_NTASKS"), NumberStyles.None, CultureInfo.InvariantCulture, out int tasks) && tasks > 0
            ? tasks
            : Environment.ProcessorCount;
}
