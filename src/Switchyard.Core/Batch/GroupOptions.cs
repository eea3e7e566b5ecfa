namespace Switchyard.Core.Batch;

/// <summary>That items are run several at a time, and how they are put together.</summary>
internal sealed record GroupOptions
{
    /// <summary>The most items of a group, at least 1.</summary>
    public required int Size { get; init; }

    /// <summary>Makes what a worker is given of the inputs of a group, which may be only one. On any thread.</summary>
    public required Func<IReadOnlyList<object?>, object?> Join { get; init; }

    /// <summary>Whether an item is in no group, as it is not to be run at all. Null if there are no such.</summary>
    public Func<object?, bool>? GoesAlone { get; init; }

    /// <summary>How long an item is, in the unit of <see cref="MaxLength"/>. On the thread that adds the item. Null if that does not matter.</summary>
    public Func<object?, long>? Length { get; init; }

    /// <summary>How long the items of a group may be together. One that is longer has a group for itself.</summary>
    public long MaxLength { get; init; } = long.MaxValue;

    /// <summary>Whether what is left at the end of the input is shared out among as many groups as run at a time: where their size is not the caller's.</summary>
    public bool SharesRest { get; init; }

    /// <summary>Whether the items of a group that has failed for good are tried one by one.</summary>
    public bool Splits { get; init; }
}
