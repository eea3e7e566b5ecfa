namespace Switchyard;

/// <summary>What became of one item of a batch: what <c>-AsResult</c> writes instead of output.</summary>
public sealed class BatchResult
{
    internal BatchResult(ItemResult result, Array output, ErrorRecord[] errors)
    {
        Index = result.Index;
        InputObject = PSObjects.ItemOf(result.Input);
        Status = result.Status;
        Output = output;
        Errors = errors;
        ExitCode = result.ExitCode;
        OutputPath = result.OutputPath;
        Attempts = result.Attempts;
        Duration = result.Duration;
        QueueTime = result.QueueTime;
        CpuTime = result.CpuTime;
        WorkerId = result.WorkerId;
        HostName = result.HostName;
    }

    /// <summary>Position of the item in the input, from 0.</summary>
    public long Index { get; }

    /// <summary>The item.</summary>
    public object? InputObject { get; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; }

    /// <summary>
    /// What it wrote to its output, as objects, or with <c>-AsByteStream</c> as bytes; if it was tried again, what the last attempt
    /// wrote. Empty if there was nothing.
    /// </summary>
    public Array Output { get; }

    /// <summary>The errors of its last attempt, also those that did not end it. Empty if there were none.</summary>
    public ErrorRecord[] Errors { get; }

    /// <summary>The exit code of its executable, 128 and the signal's number if a signal ended it; null for script blocks.</summary>
    public int? ExitCode { get; }

    /// <summary>
    /// With <c>-OutputDirectory</c>, the files with its output: with <c>.stdout</c>, <c>.stderr</c> or <c>.exitcode</c> added it is the path of one.
    /// Null if there are none.
    /// </summary>
    public string? OutputPath { get; }

    /// <summary>How often it was started; 0 if it was skipped.</summary>
    public int Attempts { get; }

    /// <summary>How long its attempts ran together, without the time between them.</summary>
    public TimeSpan Duration { get; }

    /// <summary>From when it was read to when it was first started.</summary>
    public TimeSpan QueueTime { get; }

    /// <summary>
    /// Processor time of its attempts: a script block's by the clock of the thread that ran it, without what it started on other
    /// threads; an executable's own, with that of the processes that it waited for. Null if it did not run, was abandoned, or the
    /// system does not tell.
    /// </summary>
    public TimeSpan? CpuTime { get; }

    /// <summary>Number of the worker that ran it last, from 1; null if none did.</summary>
    public int? WorkerId { get; }

    /// <summary>The machine that it ran on last, as <c>-HostName</c> calls it; null if it was this one.</summary>
    public string? HostName { get; }
}
