using System.Management.Automation.Runspaces;
using Switchyard.Core.Batch;
using Switchyard.Core.Executables;
using Switchyard.Core.Gauges;
using Switchyard.Core.Journal;
using Switchyard.Core.Policies;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Jobs;
using Switchyard.Journal;
using Switchyard.ProcessWorkers;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;
using Switchyard.Streams;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>
/// What the batch cmdlets share: their parameters, and the way from a pipeline into a <see cref="BatchRun"/> and back. It binds
/// and hands over; the run does the work.
/// </summary>
public abstract class BatchCommandBase : WorkCommandBase, IDisposable
{
    private const long Megabyte = 1024 * 1024;
    private const int MostBlockSize = 1 << 30;

    private readonly object _frontLock = new();
    private readonly TaskCompletionSource _stop = new();
    private readonly ExpectedTotal _total = new();
    private IBatchFront? _front;
    private bool _isStopped;
    private BatchInput? _input;
    private BatchWork? _work;

    /// <summary>How many bytes a block of <c>-InputMode Block</c> has at least; it ends with a line. If not given, a file is cut into one for each worker, and other input at a megabyte.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(1, MostBlockSize)]
    public int BlockSize { get; set; }

    /// <summary>Code that each worker runs once, after its last item: what it writes is output of the batch. <c>$worker</c> is a hashtable of the worker's own.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNull]
    public ScriptBlock? CompletionScript { get; set; }

    /// <summary>
    /// Adjusts the number of items that run at a time while the batch goes on, to what gives the highest throughput: at most <see cref="WorkCommandBase.ThrottleLimit"/>.
    /// </summary>
    [Parameter]
    public SwitchParameter AutoThrottle { get; set; }

    /// <summary>Writes the output in the order of the input.</summary>
    [Parameter]
    public SwitchParameter KeepOrder { get; set; }

    /// <summary>Writes one <see cref="BatchResult"/> for each item instead of its output and errors: how it ended, what it wrote, what it took.</summary>
    [Parameter]
    public SwitchParameter AsResult { get; set; }

    /// <summary>How long one attempt at an item may take, in seconds; 0 for as long as it takes.</summary>
    [Parameter]
    [ValidateRange(0d, 2_000_000d)]
    public double ItemTimeoutSeconds { get; set; }

    /// <summary>How long the whole batch may take, in seconds; 0 for as long as it takes.</summary>
    [Parameter]
    [ValidateRange(0d, 2_000_000d)]
    public double TimeoutSeconds { get; set; }

    /// <summary>How often an item that failed is tried again.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int RetryCount { get; set; }

    /// <summary>How long the first retry waits at most, in seconds; each further one waits up to twice as long, and a random part of that.</summary>
    [Parameter]
    [ValidateRange(0d, 2_000_000d)]
    public double RetryDelaySeconds { get; set; } = 1;

    /// <summary>After how many failed items nothing new is started.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxFailures { get; set; }

    /// <summary>The most items that are started in a second, over all workers.</summary>
    [Parameter]
    [ValidateRange(RateLimiter.MinRate, RateLimiter.MaxRate)]
    public double RateLimit { get; set; }

    /// <summary>Megabytes of available memory below which nothing new is started.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MinFreeMemoryMB { get; set; }

    /// <summary>The file that it is written to how each item ended, as soon as it has: with it, a batch that was cut off can go on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Does not run again what succeeded before, as the journal says: items are known by what they are, in whatever order they come.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Keeps what items write beside the journal: then <see cref="Resume"/> writes the whole output, as if the batch had not been cut off.</summary>
    [Parameter]
    public SwitchParameter KeepOutput { get; set; }

    /// <summary>Keeps the journal on the disk and not only with the operating system: then it also outlives a loss of power.</summary>
    [Parameter]
    public SwitchParameter JournalSync { get; set; }

    /// <summary>
    /// How many items are given to the script block at a time, as an array, or to the executable, as so many arguments. 0 for as many as fit on a command line.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int BatchSize { get; set; }

    /// <summary>Tries the items of a group that has failed one by one.</summary>
    [Parameter]
    public SwitchParameter SplitOnFailure { get; set; }

    /// <summary>How long the command line of a group may be: bytes, on Windows characters.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(1, int.MaxValue)]
    public int MaxCommandLength { get; set; }

    /// <summary>
    /// How many items are coming, for the percentage and the time left. Only a hint. Not needed where they are a collection that is already there.
    /// </summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long TotalCount { get; set; }

    /// <summary>The property of the items that says how much work each is: of those that were read the heaviest is started first. A file's is its length.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WeightProperty { get; set; }

    /// <summary>Runs the batch as a job, and writes the job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>The job's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How often an item whose worker died is tried again.</summary>
    internal virtual int CrashRetries => 0;

    /// <summary>How often an item that was lost with the way to its worker is tried again.</summary>
    internal virtual int LossRetries => 0;

    /// <summary>Whether workers are opened side by side, however many there are: what they do to open is not this process's work.</summary>
    internal virtual bool OpensAllAtOnce => false;

    /// <summary>Whether items are run in groups.</summary>
    internal bool RunsGroups => IsGiven(nameof(BatchSize));

    internal override bool GoesOn => Resume;

    internal override ScriptBlock? Completion => CompletionScript;

    internal override int? BlockLength => BlockSize > 0 ? BlockSize : null;

    /// <summary>Stops the batch if it still runs.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Says what is to be run for each item, once all parameters are known.</summary>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    internal abstract BatchWork CreateWork();

    /// <summary>Stops the batch if it still runs.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Reached with a run that is not over only if a command before this one threw: nothing can be written any more.
            _front?.Dispose();
        }
    }

    /// <summary>Checks everything that can be checked before an item runs, and starts the run.</summary>
    protected override void BeginProcessing()
    {
        try
        {
            CheckParameters();
            ReadPreferences();
            _work = CreateWork();
            _total.Given = IsGiven(nameof(TotalCount)) ? TotalCount : null;
            RunJournal? journal = OpenJournal();
            EnginePipelines.KeepPipelineParametersOnly(this);
            IBatchFront front = Start(CreateOptions() with { Journal = journal });
            _input = new BatchInput(this, front, _work, journal, _total);
            lock (_frontLock)
            {
                _front = front;
                if (_isStopped)
                {
                    front.Stop();
                }
            }
        }
        catch (BatchException exception)
        {
            ThrowTerminatingError(exception.Record);
        }
    }

    /// <summary>Hands an item over, and writes what is ready.</summary>
    protected override void ProcessRecord() => _input!.Take(InputObject);

    /// <summary>Writes the rest, and accounts for the run.</summary>
    protected override void EndProcessing()
    {
        _input!.End();
        if (!_input.IsOver)
        {
            _front!.End();
        }
    }

    /// <summary>Ends the run from another thread. The pipeline's thread notices and cleans up.</summary>
    protected override void StopProcessing()
    {
        lock (_frontLock)
        {
            _isStopped = true;
            _stop.TrySetResult();
            _front?.Stop();
        }
    }

    /// <summary>Refuses parameters that do not go together, where their sets cannot.</summary>
    /// <exception cref="BatchException">One has no effect without another, or none beside it.</exception>
    private protected virtual void CheckParameters()
    {
        if (IsGiven(nameof(RetryDelaySeconds)) && !IsGiven(nameof(RetryCount)))
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(RetryDelaySeconds), nameof(RetryCount));
        }

        if (IsGiven(nameof(Name)) && !AsJob)
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(Name), nameof(AsJob));
        }

        if (IsGiven(nameof(BlockSize)) && InputMode != InputMode.Block)
        {
            throw ParameterErrors.ParameterNeedsAnother(nameof(BlockSize), $"{nameof(InputMode)} {InputMode.Block}");
        }

        if (KeepOrder && IsGiven(nameof(WeightProperty)))
        {
            throw ParameterErrors.ParametersExcludeEachOther(nameof(WeightProperty), nameof(KeepOrder));
        }

        GroupParameters.Check(this);
        if (JournalPath is null && (Resume || JournalSync || KeepOutput))
        {
            throw ParameterErrors.ParameterNeedsAnother(
                Resume ? nameof(Resume) : JournalSync ? nameof(JournalSync) : nameof(KeepOutput), nameof(JournalPath));
        }

        if (MinFreeMemoryMB > 0 && MemoryGauge.ForThisSystem().Read().TotalBytes is var total && MinFreeMemoryMB * Megabyte >= total)
        {
            throw ParameterErrors.MinFreeMemoryTooHigh(MinFreeMemoryMB, total / Megabyte);
        }
    }

    private static TimeSpan? Seconds(double seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private int EffectiveThrottleLimit =>
        ThrottleLimit > 0 ? ThrottleLimit : AutoThrottle ? BatchOptions.DefaultThrottleCeiling : _work!.DefaultThrottleLimit;

    private protected override ProcessWorkOptions CreateProcessOptions() => base.CreateProcessOptions() with { SendsGroups = RunsGroups };

    private protected virtual BatchOptions CreateOptions() => new()
    {
        ThrottleLimit = EffectiveThrottleLimit,
        MostReadAhead = _work!.Blocks is null ? null : ThrottleLimit > 0 ? ThrottleLimit : _work.DefaultThrottleLimit,
        OpenLimit = OpensAllAtOnce ? EffectiveThrottleLimit : System.Environment.ProcessorCount,
        CrashRetryCount = CrashRetries,
        LossRetryCount = LossRetries,
        AdjustThrottle = AutoThrottle,
        ExpectedCount = () => _total.Value,
        ThrottleChanged = RunNotices.ThrottleChanged,
        KeepOrder = KeepOrder,
        CollectResults = AsResult,
        StandardErrors = StandardErrorFilter.Instance,
        OfOtherKind = RunNotices.OfOtherKind,
        SumsLost = CompletionScript is null ? null : RunNotices.SumsLost,
        Weight = ItemWeights.By(WeightProperty, EffectiveThrottleLimit),
        WeightUnknown = WeightProperty is { } property ? item => RunNotices.WeightUnknown(property, item) : null,
        Timeout = Seconds(TimeoutSeconds),
        ItemTimeout = Seconds(ItemTimeoutSeconds),
        Groups = GroupParameters.CreateOptions(this, _work!),
        Retry = RetryCount > 0 ? new RetryPolicy(RetryCount, TimeSpan.FromSeconds(RetryDelaySeconds)) : null,
        MaxFailures = MaxFailures > 0 ? MaxFailures : null,
        RateLimit = RateLimit > 0 ? RateLimit : null,
        MinFreeMemory = MinFreeMemoryMB > 0 ? MinFreeMemoryMB * Megabyte : null,
        MemoryGauge = MinFreeMemoryMB > 0 ? MemoryGauge.ForThisSystem() : null,
        RoomGauge = RoomGauge.ForThisSystem(),
        WorkersShort = reason => RunNotices.WorkersShort(EffectiveThrottleLimit, reason),
        MemoryLow = free => RunNotices.MemoryLow(free / Megabyte, MinFreeMemoryMB),
    };

    private ReportSettings CreateReportSettings() => new()
    {
        Activity = Activity,
        Work = _work!.Description,
        Total = _total,
        Hosts = RunsElsewhere && _work!.Workers is RemoteWorkerFactory workers ? workers.Hosts.Tell : null,
        WritesResults = AsResult,
        ShowsProgress = AsJob ? WantsProgress : ShowsProgress,
        Look = AsJob ? null : ProgressLook.Of(Host),
        StopsOnError = CallerPreferences.StopsOnError(Preferences),
        ItemTimeoutSeconds = ItemTimeoutSeconds,
        TimeoutSeconds = TimeoutSeconds,
        MaxFailures = MaxFailures,
        JoinsBytes = _work!.WritesBytes,
    };

    private RunJournal? OpenJournal() => JournalPath is null ? null : CommandJournal.Open(
        new JournalRequest
        {
            Path = JournalPath,
            Resumes = Resume,
            Syncs = JournalSync,
            KeepsOutput = KeepOutput,
            IsReadOnly = OnlySaysWhatIf,
            OutputDirectory = _work!.OutputDirectory,
            Command = Activity,
            Work = _work!.Description,
            Parameters = MyInvocation.BoundParameters,
        },
        SessionState,
        WriteWarning,
        _stop.Task);

    private IBatchFront Start(BatchOptions options)
    {
        if (!AsJob)
        {
            return new PipelineBatch(this, CreateReportSettings(), options, _work!.Workers);
        }

        BatchJob job = new(_work!.Description, Name, CreateReportSettings(), options, _work.Workers);
        JobRepository.Add(job);
        job.Start(SessionOwners.Of(Runspace.DefaultRunspace));
        return new JobBatch(this, job);
    }
}
