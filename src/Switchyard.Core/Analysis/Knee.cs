namespace Switchyard.Core.Analysis;

/// <summary>Formulas of queueing theory for how many workers pay.</summary>
/// <remarks>D. A. Menasce, V. A. F. Almeida, L. W. Dowdy, Performance by Design, 2004: utilisation law and Little's law.</remarks>
internal static class Knee
{
    /// <summary>
    /// From how many workers on the cores are busy: <c>capacity x time / cpu</c>. Of what computes on one core, that is <c>capacity (1 + wait / cpu)</c>;
    /// what keeps several busy by itself needs fewer.
    /// </summary>
    /// <returns>The number; infinite for work that takes no processor time.</returns>
    public static double Workers(double capacity, double cpu, double time) =>
        cpu <= 0 ? double.PositiveInfinity : capacity * time / cpu;

    /// <summary>How many workers a rate keeps busy (Little's law).</summary>
    /// <param name="rate">Items a second.</param>
    /// <param name="itemTime">Seconds an item takes when it is alone.</param>
    public static double WorkersForRate(double rate, double itemTime) => rate * itemTime;

    /// <summary>From how many items on a faster way that takes time to start beats a slower one that does not.</summary>
    /// <param name="startUp">Seconds it takes to start.</param>
    /// <param name="slow">Items a second of the slower one.</param>
    /// <param name="fast">Items a second of the faster one.</param>
    /// <returns>The number; null if it never does.</returns>
    public static long? BreakEven(double startUp, double slow, double fast)
    {
        double gain = (1 / slow) - (1 / fast);
        double items = Math.Ceiling(Math.Max(0, startUp) / gain);
        return gain > 0 && items < 1e15 ? Math.Max(1, (long)items) : null;
    }
}
