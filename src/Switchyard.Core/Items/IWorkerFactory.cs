namespace Switchyard.Items;

/// <summary>Makes the workers of one run.</summary>
public interface IWorkerFactory
{
    /// <summary>What it costs to open one more worker, as measured so far. A run opens no worker that cannot earn this.</summary>
    TimeSpan OpenCost { get; }

    /// <summary>Makes a worker; it does no work before it is opened.</summary>
    /// <param name="number">Number of the worker in this run, from 1.</param>
    /// <returns>The worker.</returns>
    IBatchWorker Create(int number);
}
