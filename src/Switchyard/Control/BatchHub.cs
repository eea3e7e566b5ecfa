using Switchyard.Core.Batch;
using Switchyard.Core.Control;

namespace Switchyard.Control;

/// <summary>What this process has of batches that can be seen and steered. Sessions of one process share it, as others see the process.</summary>
internal static class BatchHub
{
    private const int MaxWork = 200;

    /// <summary>The batches of this process.</summary>
    public static RunningBatches Own { get; private set; } = new();

    /// <summary>Those of all processes of this user.</summary>
    public static Sessions All => new(Own);

    /// <summary>Lets a run be seen until it is closed.</summary>
    /// <param name="command">The command that has started it.</param>
    /// <param name="work">What it runs.</param>
    /// <param name="total">Tells how many items are expected. On any thread.</param>
    /// <param name="jobName">The name of its job; null where it is none.</param>
    public static void Show(BatchRun run, string command, string work, Func<long?> total, string? jobName = null)
    {
        RunningBatch batch = Own.Add(
            new BatchLabel
            {
                Command = command,
                Work = LineText.Shorten(work, MaxWork),
                JobName = jobName,
                Total = total,
                ItemText = LineText.OfItem,
                ErrorText = LineText.OfError,
            },
            run);
        run.Closed += batch.Dispose;
    }

    /// <summary>The module is removed: what still runs goes on unseen.</summary>
    public static void Close()
    {
        RunningBatches before = Own;
        Own = new RunningBatches();
        before.Dispose();
    }
}
