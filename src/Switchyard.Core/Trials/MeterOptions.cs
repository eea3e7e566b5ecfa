using Switchyard.Core.Analysis;

namespace Switchyard.Core.Trials;

/// <summary>What is to be measured, and how far that may go.</summary>
internal sealed record MeterOptions
{
    /// <summary>Makes the workers that run items on threads of this process; executables are run by such workers, too.</summary>
    public required Func<IWorkerFactory> Threads { get; init; }

    /// <summary>The same with nothing to do, for what measuring itself costs; null where nothing of it is in the figures.</summary>
    public Func<IWorkerFactory>? Empty { get; init; }

    /// <summary>Makes the workers that run items in processes of their own; null where that is no choice.</summary>
    public Func<IWorkerFactory>? Processes { get; init; }

    /// <summary>Whether an executable is run, and no code in this process.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>How many items are run at most, in all; null to find out how many it takes.</summary>
    public int? SampleCount { get; init; }

    /// <summary>For how long items may be run. What runs then is stopped.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most workers that may be tried or recommended.</summary>
    public int MaxWidth { get; init; } = 64;

    /// <summary>Whether threads and processes are tried at several sizes, even if the sample makes that needless.</summary>
    public bool Validates { get; init; }

    /// <summary>The other machines to measure.</summary>
    public IReadOnlyList<HostTrial> Hosts { get; init; } = [];

    /// <summary>Asked, once items have run, whether the files that they are have to go with them.</summary>
    public Func<Findings, bool> ReadsFiles { get; init; } = _ => false;

    /// <summary>Asked, once items have run, whether they can run nowhere else.</summary>
    public Func<bool> IsTied { get; init; } = () => false;

    /// <summary>Takes what items write beside their output and errors, on a thread of the meter's.</summary>
    public Action<ItemRecord> Records { get; init; } = _ => { };

    /// <summary>Takes the result of each item that was run, on a thread of the meter's.</summary>
    public Action<ItemResult> Results { get; init; } = _ => { };

    /// <summary>Told what is being done, in a few words.</summary>
    public Action<string> Doing { get; init; } = _ => { };
}
