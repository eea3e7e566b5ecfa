namespace Switchyard.Core.Transports.Schedulers;

/// <summary>How workers are started by a scheduler of which nothing is known but what a script of the user's says.</summary>
internal sealed record JobOptions
{
    /// <summary>The script, with placeholders.</summary>
    public required string Template { get; init; }

    /// <summary>What the scheduler is called for messages: the script's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many workers the first job is to have.</summary>
    public required int Tasks { get; init; }

    /// <summary>What each of them runs, for a shell.</summary>
    public required string Command { get; init; }

    /// <summary>What a worker is sent that lacks the module.</summary>
    public required Func<byte[]> Package { get; init; }

    public required string? WorkingDirectory { get; init; }
}
