namespace Switchyard.Core.Policies.Simulation;

/// <summary>A kind of work, with the machine it runs on.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Cores">How many cores the machine has.</param>
/// <param name="Item">What an item does, by the time it starts.</param>
internal sealed record Workload(string Name, int Cores, Func<double, Random, Stage[]> Item)
{
    /// <summary>How many may hold the resource at a time.</summary>
    public int Units { get; init; } = 1;

    /// <summary>How fast each of n items is served by the server, against one alone.</summary>
    public Func<int, double> ServerSpeed { get; init; } = _ => 1;

    /// <summary>How much longer a worker's first item takes.</summary>
    public double FirstItemFactor { get; init; } = 1;

    /// <summary>How many seconds of CPU a worker's first item takes besides, as for what is loaded and compiled once.</summary>
    public double FirstItemCpu { get; init; }

    /// <summary>How many seconds a worker's first item waits besides, as for a connection that is made once.</summary>
    public double FirstItemWait { get; init; }

    /// <summary>Seconds between two items of the input; 0 if there are always enough.</summary>
    public double InputInterval { get; init; }

    /// <summary>Whether the system tells how long threads wait for a core, as Linux does.</summary>
    public bool TellsRunQueue { get; init; }

    /// <summary>How many cores something else takes at a time.</summary>
    public Func<double, double> Taken { get; init; } = _ => 0;

    /// <summary>From when to when throughput counts, in seconds.</summary>
    public (double From, double To) Window { get; init; } = (5, 15);

    /// <summary>How many items, or chunks of them, there are.</summary>
    public long Count { get; init; } = long.MaxValue;

    /// <summary>What the second half of the items does, if that is something else.</summary>
    public Func<double, Random, Stage[]>? SecondHalf { get; init; }

    /// <summary>The highest limit that is tried.</summary>
    public int Ceiling { get; init; } = 128;

    /// <summary>How many items a worker reports at a time.</summary>
    public int Chunk { get; init; } = 1;

    public Stage[] ItemAt(long number, double time, Random random) => (number < Count / 2 ? Item : SecondHalf ?? Item)(time, random);

    public override string ToString() => Name;
}
