using Switchyard.Core.Items;

namespace Switchyard.Core.Trials;

/// <summary>Makes workers that note when their items run. How they run them is the business of those that they stand before.</summary>
/// <param name="inner">Makes those.</param>
/// <param name="trial">What they note it for.</param>
internal sealed class MeteredWorkerFactory(IWorkerFactory inner, BenchmarkRun trial) : IWorkerFactory, IDisposable
{
    // A trial is to have the width that it is of, however little its items earn.
    public TimeSpan OpenCost => TimeSpan.Zero;

    public bool RunsElsewhere => inner.RunsElsewhere;

    public TimeSpan StopGracePeriod => inner.StopGracePeriod;

    public IBatchWorker Create(int number) => new MeteredWorker(inner.Create(number), number, trial);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
