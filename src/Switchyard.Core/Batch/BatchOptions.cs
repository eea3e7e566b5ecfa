using Switchyard.Core.Gauges;
using Switchyard.Core.Journal;
using Switchyard.Core.Policies;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>What a caller wants of a run, apart from the work itself. What is not asked for costs nothing.</summary>
internal sealed record BatchOptions
{
    /// <summary>The highest limit of a throttle that is adjusted, where the caller sets none: a worker holds about 2 MB.</summary>
    public const int DefaultThrottleCeiling = 512;

    /// <summary>The most items that run at a time, at least 1.</summary>
    public required int ThrottleLimit { get; init; }

    /// <summary>
    /// Whether the number of items that run at a time is adjusted while the run goes on, to what gives the highest throughput.
    /// <see cref="ThrottleLimit"/> is then the most that it may be.
    /// </summary>
    public bool AdjustThrottle { get; init; }

    /// <summary>
    /// What an adjusted throttle begins with, at least 1; null for the number of cores. From 1 the first items tell where to go; any other is
    /// trusted first.
    /// </summary>
    public int? InitialThrottle { get; init; }

    /// <summary>The limit that was right the last time, for an adjusted throttle; null where that is not known. Not together with <see cref="InitialThrottle"/>.</summary>
    public ThrottleHint? ThrottleHint { get; init; }

    /// <summary>Tells how many items there will be, on any thread; null as long as that is not known.</summary>
    public Func<long?> ExpectedCount { get; init; } = static () => null;

    /// <summary>How many there were the last time; null if that is not known.</summary>
    public double? CountBefore { get; init; }

    /// <summary>Told what an adjusted throttle was measured to do; null if that is not told.</summary>
    public IThrottleObserver? ThrottleObserver { get; init; }

    /// <summary>Makes the record, of no item, by which the caller is told that the throttle was adjusted. Null if that is not told.</summary>
    public Func<ThrottleChange, ItemRecord>? ThrottleChanged { get; init; }

    /// <summary>Whether records are written in the order of the input.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>
    /// Whether output and errors are collected and handed on as each item's <see cref="ItemResult"/>, instead of as they come.
    /// </summary>
    public bool CollectResults { get; init; }

    /// <summary>Knows which errors are lines of standard error, of which a result keeps only so many; null if none are.</summary>
    public IStandardErrorFilter? StandardErrors { get; init; }

    /// <summary>
    /// Whether input is taken without limit and without writing output meanwhile, by <see cref="BatchRun.Post"/>: for a caller who
    /// must not wait.
    /// </summary>
    public bool IsUnbounded { get; init; }

    /// <summary>How many items are read ahead of the workers, for items that are large; null for what their time suggests.</summary>
    public int? MostReadAhead { get; init; }

    /// <summary>How long the whole run may take; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long one attempt at an item may take; null for as long as it takes.</summary>
    public TimeSpan? ItemTimeout { get; init; }

    /// <summary>Whether and when an item that failed is tried again; null if it is not.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>How often an item whose worker died under it is tried again, at once and apart from <see cref="Retry"/>.</summary>
    public int CrashRetryCount { get; init; }

    /// <summary>How often an item that was lost with the way to its worker is tried again, apart from all else.</summary>
    public int LossRetryCount { get; init; }

    /// <summary>How items are put together that are run several at a time; null if each is run by itself.</summary>
    public GroupOptions? Groups { get; init; }

    /// <summary>Whether workers that have nothing to take are given copies of slow items; the first end counts.</summary>
    public bool Speculates { get; init; }

    /// <summary>After how many failed items nothing new is started; null for never.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>The most items that are started in a second, over all workers; null for as many as can be.</summary>
    public double? RateLimit { get; init; }

    /// <summary>Below how many bytes of available memory nothing new is started; null for whatever there is.</summary>
    public long? MinFreeMemory { get; init; }

    /// <summary>Tells how much memory there is; needed for <see cref="MinFreeMemory"/>.</summary>
    public IMemoryGauge? MemoryGauge { get; init; }

    /// <summary>
    /// Makes the record, of no item, by which the caller is told that items begin to wait for memory; given the bytes that there
    /// are. Null if that is not told.
    /// </summary>
    public Func<long, ItemRecord>? MemoryLow { get; init; }

    /// <summary>Tells how many workers the system has room for; null if that is not asked.</summary>
    public IRoomGauge? RoomGauge { get; init; }

    /// <summary>
    /// Makes the record, of no item, by which the caller is told once that there is room for fewer workers than the throttle allows; given why.
    /// Null if that is not told.
    /// </summary>
    public Func<string, ItemRecord>? WorkersShort { get; init; }

    /// <summary>Told of the run's progress, on the thread that adds items or completes it, at most four times a second. Null if that is not told.</summary>
    public Action<RunProgress>? Progress { get; init; }

    /// <summary>Where it is written how each item ended, and what need not be run any more; null for nowhere. The run disposes of it.</summary>
    public RunJournal? Journal { get; init; }

    /// <summary>
    /// Makes the record, of no item, by which the caller is told that what a worker had summed up is lost, given its number and how many items that was of.
    /// Null if workers sum nothing up, and then none is asked for it at its end.
    /// </summary>
    public Func<int, long, ItemRecord>? SumsLost { get; init; }

    /// <summary>
    /// Makes the record, of no item, by which the caller is told that an item has succeeded before as one of another type. Null if that is not told.
    /// </summary>
    public Func<object?, ItemRecord>? OfOtherKind { get; init; }

    /// <summary>
    /// Tells how much work an item is, in whatever unit, or not a number: then the heaviest of what was read are started first, unless order is kept. On the thread
    /// that adds the item. Null if nothing is known of any.
    /// </summary>
    public Func<object?, double>? Weight { get; init; }

    /// <summary>Makes the record, of no item, by which the caller is told once that an item's weight is not known. Null if that is not told.</summary>
    public Func<object?, ItemRecord>? WeightUnknown { get; init; }

    /// <summary>
    /// Tells of what a sink has thrown whether it has taken the record all the same, and only wants no more. Null if it never does.
    /// </summary>
    public Func<Exception, bool>? WantsNoMore { get; init; }

    /// <summary>Gives numbers from 0 up to 1, for the jitter of retries.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>How many workers may be opened at the same time: opening is work for a core.</summary>
    public int OpenLimit { get; init; } = Environment.ProcessorCount;

    /// <summary>How many items one of the queue's is, at most.</summary>
    internal int GroupSize => Groups?.Size ?? 1;

    /// <summary>Whether each item needs an account of its own.</summary>
    internal bool NeedsAccounts => CollectResults || ItemTimeout is not null || Retries || Speculates || Journal is not null || Groups is not null;

    internal bool Retries => Retry is not null || CrashRetryCount > 0 || LossRetryCount > 0 || Groups is { Splits: true };
}
