namespace Switchyard.Core.Items;

/// <summary>What a worker tells of an item that has ended.</summary>
internal readonly record struct ItemEnd(ItemStatus Status)
{
    /// <summary>After how long a server that refused the item lets itself be asked again; null if none did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether another attempt would end no better: the item was refused without being run.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether its worker was lost with the connection, and did not die of the item as far as is known: it gets another attempt.</summary>
    public bool IsLost { get; init; }

    /// <summary>The machine that it ran on; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>The exit code of its executable, or what its body said with <c>exit</c>; null if neither did.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Processor time that the item took elsewhere than on the worker's thread, which then counts for nothing; null if it did not.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>How long the item took, where that was measured closer to it than here; null where it was not.</summary>
    public TimeSpan? Duration { get; init; }

    public static implicit operator ItemEnd(ItemStatus status) => new(status);
}
