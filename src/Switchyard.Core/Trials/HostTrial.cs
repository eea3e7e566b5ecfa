namespace Switchyard.Core.Trials;

/// <summary>A machine that is to be measured.</summary>
internal sealed record HostTrial
{
    public required string Name { get; init; }

    public bool IsHere { get; init; }

    /// <summary>How many workers it is to have; null for as many as it has cores.</summary>
    public int? Workers { get; init; }

    /// <summary>Makes the worker there that answers the items of <see cref="LinkSample"/>.</summary>
    public required Func<IWorkerFactory> Link { get; init; }

    /// <summary>Makes the worker there that runs sampled items, with or without the files that they are; null if they cannot be sent.</summary>
    public Func<bool, IWorkerFactory>? Work { get; init; }

    /// <summary>Adds the file that an item is.</summary>
    public Func<object?, object?> AddFile { get; init; } = item => item;

    /// <summary>How many cores it has, once a worker there has started.</summary>
    public required Func<int> Cores { get; init; }
}
