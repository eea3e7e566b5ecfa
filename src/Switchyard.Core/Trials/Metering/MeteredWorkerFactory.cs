namespace Switchyard.Core.Trials.Metering;

/// <summary>Makes workers that record when their items run, and leave running them to another worker.</summary>
internal sealed class MeteredWorkerFactory(IWorkerFactory inner, IItemMeter meter) : IWorkerFactory, IDisposable
{
    // All workers are opened, even if the items are too short for that to pay.
    public TimeSpan OpenCost => TimeSpan.Zero;

    public bool RunsElsewhere => inner.RunsElsewhere;

    public bool HasLastWords => inner.HasLastWords;

    public TimeSpan StopGracePeriod => inner.StopGracePeriod;

    public IBatchWorker Create(int number) => new MeteredWorker(inner.Create(number), number, meter);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
