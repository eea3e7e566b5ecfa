using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>What a run does at one moment.</summary>
/// <param name="IsAdjusted">Whether the throttle is adjusted while the run goes on.</param>
/// <param name="IsStopping">Whether nothing new is started, whatever comes.</param>
/// <param name="Slowest">The items that took longest, the longest first.</param>
/// <param name="Failed">The items that failed last, the last first.</param>
internal sealed record RunView(
    RunProgress Progress,
    int ThrottleLimit,
    bool IsAdjusted,
    bool IsSuspended,
    bool IsStopping,
    IReadOnlyList<WorkerView> Workers,
    IReadOnlyList<EndedItem> Slowest,
    IReadOnlyList<EndedItem> Failed);
