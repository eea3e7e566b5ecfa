namespace Switchyard.Core.RemoteWorkers;

/// <summary>What an entry of a frame of records is, besides a record of one of the kinds.</summary>
internal static class RecordMark
{
    /// <summary>An item has ended: its id, how, and what it took.</summary>
    public const byte End = 100;

    /// <summary>An item is about to start: its id. Only where no memory is shared that tells.</summary>
    public const byte Start = 101;
}
