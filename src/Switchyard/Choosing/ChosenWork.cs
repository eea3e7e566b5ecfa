using Switchyard.Codec;
using Switchyard.Core.Choices;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Parameters.Affinity;
using Switchyard.ProcessWorkers;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;
using Switchyard.Work;

namespace Switchyard.Choosing;

/// <summary>A script block that begins on threads and may move to processes, or an executable.</summary>
internal sealed class ChosenWork : BatchWork
{
    private readonly BatchWork _work;

    /// <summary>An executable, of which only the width is open.</summary>
    public ChosenWork(ExecutableWork work, RunMeter? meter)
    {
        _work = work;
        Meter = meter;
        Choosing = new ChoosingWorkerFactory(work.Workers, processes: null, Meter);
        IsExecutable = true;
    }

    /// <summary>A script block. Prepares on this thread what would run in processes, as that reads the caller's session.</summary>
    /// <exception cref="BatchException">The options name what is not there.</exception>
    public ChosenWork(ProcessWorkOptions options, SessionSettings settings, ScriptBlock? initialization, SessionState session, RunMeter? meter)
    {
        Meter = meter;
        ThreadValues values = new(settings, options.Arguments, session, options.Warn);
        SharedBody body = new(options.Body, values.Arguments);
        RunspaceWorkerFactory threads = new(body, values.Settings, isFresh: false, options.HonoursRetryAfter);
        ProcessSafety safety = new(options.Body, initialization, settings, options.Arguments, isGrouped: options.SendsGroups);
        string? why = safety.WhyThreads;
        IWorkerFactory? processes = why is null ? TryCreateProcesses(options, settings, session, out why) : null;
        Choosing = new ChoosingWorkerFactory(threads, processes, Meter) { WhyThreads = why, Examine = value => Examine(safety, value) };
        ItemSnapshots snapshots = new();
        _work = new ScriptBlockWork(options.Body, Choosing, 1, item => Prepare(values, safety, snapshots, item));
        ShouldProcess = MessageText.Format(Messages.ShouldProcessChoosing, options.Body.ToString().Trim().ReplaceLineEndings(" "));
    }

    public ChoosingWorkerFactory Choosing { get; }

    /// <summary>Takes what is recorded of the first items; null if no report is wanted.</summary>
    public RunMeter? Meter { get; }

    public bool IsExecutable { get; }

    public override IWorkerFactory Workers => Choosing;

    public override int DefaultThrottleLimit => _work.DefaultThrottleLimit;

    public override bool WritesBytes => _work.WritesBytes;

    public override string? OutputDirectory => _work.OutputDirectory;

    public override bool PreparesItems => _work.PreparesItems;

    public override IBlockInput? Blocks => _work.Blocks;

    public override string Description => _work.Description;

    private string? ShouldProcess { get; }

    public override string ActionFor(object? item) => ShouldProcess ?? _work.ActionFor(item);

    public override object? Prepare(object? item) => _work.Prepare(item);

    public override Func<object?, long>? MeasureItems(long? wanted, out long most) => _work.MeasureItems(wanted, out most);

    private static IWorkerFactory? TryCreateProcesses(ProcessWorkOptions options, SessionSettings settings, SessionState session, out string? why)
    {
        string? warning = null;
        try
        {
            IWorkerFactory workers = ProcessWork.CreateWorkers(options with { Warn = text => warning ??= text }, settings, session);
            why = warning;
            return workers;
        }
        catch (BatchException exception)
        {
            // Threads remain.
            why = exception.Record.ToString();
            return null;
        }
    }

    // Called by all workers; what most bodies write needs no look.
    private static string? Examine(ProcessSafety safety, object? output)
    {
        if (output is null or string or int or long or double or bool)
        {
            return null;
        }

        lock (safety)
        {
            return safety.WhyThreadsForOutput(output);
        }
    }

    private object? Prepare(ThreadValues values, ProcessSafety safety, ItemSnapshots snapshots, object? item)
    {
        object? prepared = values.Prepare(item);
        if (prepared is PreparedItem || !Choosing.MayMove)
        {
            return prepared;
        }

        if (!ReferenceEquals(prepared, item))
        {
            Choosing.WhyThreads = Messages.ChoiceItemOfSession;
            return prepared;
        }

        lock (safety)
        {
            Choosing.WhyThreads = safety.WhyThreadsFor(item);
        }

        return Choosing.MayMove && PSObjects.Unwrap(item) is not (string or int) ? snapshots.Prepare(prepared) : prepared;
    }
}
