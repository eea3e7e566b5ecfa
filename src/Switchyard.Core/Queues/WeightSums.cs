namespace Switchyard.Core.Queues;

/// <summary>How much work a queue was given, as far as items have weights.</summary>
/// <param name="Added">All of it so far.</param>
/// <param name="Waiting">What of it waits.</param>
/// <param name="Heaviest">The heaviest item that waits; 0 if none does.</param>
internal readonly record struct WeightSums(double Added, double Waiting, double Heaviest)
{
    /// <summary>What a weight adds to a sum: nothing where it is not known, or says only what comes after all others.</summary>
    public static double Known(double weight) => double.IsFinite(weight) ? Math.Max(0, weight) : 0;
}
