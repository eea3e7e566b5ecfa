namespace Switchyard.Core.Batch.Workers;

/// <summary>What a worker does at one moment.</summary>
/// <param name="IsOpening">Whether it is just being opened.</param>
/// <param name="Item">The item that it is on; null for none.</param>
/// <param name="Elapsed">How long it has been on that.</param>
/// <param name="HostName">The machine that it is on; null for this one.</param>
/// <param name="ProcessId">The process that it is, or runs its item in; null for this one.</param>
/// <param name="ThreadId">The system's number of its thread; 0 where that is not known.</param>
internal sealed record WorkerView(int Number, bool IsOpening, BatchItem? Item, TimeSpan? Elapsed, string? HostName, int? ProcessId, long ThreadId);
