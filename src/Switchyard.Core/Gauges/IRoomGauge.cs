namespace Switchyard.Core.Gauges;

/// <summary>Tells how many workers the limits of this process, its user and its control group leave room for.</summary>
internal interface IRoomGauge
{
    /// <summary>Counts the workers that the limits of files and processes leave room for.</summary>
    /// <param name="files">How many open files of this process each takes.</param>
    /// <param name="tasks">How many processes and threads of this user each takes.</param>
    /// <param name="wanted">How many there are to be at most.</param>
    /// <param name="reason">The limit that is in the way, for a message; empty if there is none.</param>
    /// <returns>How many there is room for, at least 1; what is wanted if nothing is known to be in the way.</returns>
    int CountWorkers(int files, int tasks, int wanted, out string reason);
}
