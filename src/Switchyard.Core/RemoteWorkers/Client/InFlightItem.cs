namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>An item that a remote worker has to end.</summary>
internal struct InFlightItem
{
    /// <summary>The item and attempt on the wire; unique to the worker.</summary>
    public required long Id { get; init; }

    public required BatchItem Item { get; init; }

    public object? Input => Item.Input;

    public bool IsSent { get; set; }

    /// <summary>How many bytes it took to tell.</summary>
    public long Bytes { get; set; }

    /// <summary>How it has ended, if that is known before its turn has come; null if it is the worker that says so.</summary>
    public DecidedEnd? Decided { get; set; }
}
