namespace Switchyard.Core.Items;

/// <summary>Makes the workers of one run.</summary>
internal interface IWorkerFactory
{
    /// <summary>What it costs to open one more worker, as measured so far. A run opens none that does not pay for this.</summary>
    TimeSpan OpenCost { get; }

    /// <summary>Whether its workers' items run in other processes, whose processor time is not this one's.</summary>
    bool RunsElsewhere => false;

    /// <summary>Whether what its items write while they are stopped is theirs, as of a program that is asked to end. What else is stopped has no say any more.</summary>
    bool HasLastWords => false;

    /// <summary>The processes that its workers have been so far, where each is one.</summary>
    IReadOnlyCollection<int> ProcessIds => [];

    /// <summary>What a worker takes of what the system has limits for.</summary>
    WorkerNeeds Needs => default;

    /// <summary>How many workers there are already, and wait to be used.</summary>
    int ReadyCount => 0;

    /// <summary>How many workers there are places for at the moment, where that changes: machines come and go. As many as there may be otherwise.</summary>
    int Places => int.MaxValue;

    /// <summary>Whether workers leave while the run goes on and others take their places: what counts is how many there are, and not how many there were.</summary>
    bool ReplacesWorkers => Places < int.MaxValue;

    /// <summary>How long until there may be a place again, where the last worker has found none; null where none will come.</summary>
    TimeSpan? NextPlace => null;

    /// <summary>Called when there may be more places than before. On any thread.</summary>
    Action? PlacesChanged
    {
        set
        {
        }
    }

    /// <summary>Takes what is to be told of the machines that workers are on. On any thread.</summary>
    Action<ItemRecord>? Announce
    {
        set
        {
        }
    }

    /// <summary>
    /// How long a worker may need to stop what it runs. Only after that is it interrupted, and then abandoned.
    /// </summary>
    TimeSpan StopGracePeriod => TimeSpan.Zero;

    /// <summary>Makes a worker; it does no work before it is opened.</summary>
    /// <param name="number">Number of the worker in this run, from 1.</param>
    IBatchWorker Create(int number);
}
