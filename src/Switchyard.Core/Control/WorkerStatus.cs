namespace Switchyard.Core.Control;

/// <summary>A worker of a batch, as others are told of it.</summary>
/// <param name="Number">Its number in the batch, from 1.</param>
/// <param name="Index">The index of the item that it is on; null for none.</param>
/// <param name="Item">The text of that.</param>
/// <param name="Elapsed">How long it has been on that.</param>
/// <param name="HostName">The machine that it is on; null for its session's.</param>
/// <param name="ProcessId">The process that it is, or runs its item in; null for its session's.</param>
/// <param name="CpuPercent">How much of a core it has used of late; null where that is not known.</param>
/// <param name="Memory">Bytes that its process has; null where it has none of its own.</param>
internal sealed record WorkerStatus(
    int Number, WorkerState State, long? Index, string? Item, TimeSpan? Elapsed, string? HostName, int? ProcessId, double? CpuPercent, long? Memory);
