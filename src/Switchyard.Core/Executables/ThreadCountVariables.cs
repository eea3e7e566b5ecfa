namespace Switchyard.Core.Executables;

/// <summary>
/// The environment variables that tell parallel libraries how many threads to use. Each of them takes all cores otherwise, so a run
/// of several children oversubscribes the machine as many times.
/// </summary>
internal static class ThreadCountVariables
{
    /// <summary>OpenMP, OpenBLAS, MKL, BLIS, Apple's Accelerate, NumExpr, Numba, Rust's Rayon.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS",
    ];

    /// <summary>What to set for the children of a run.</summary>
    /// <returns>Variables and their value: each child's share of the cores, at least 1.</returns>
    public static IEnumerable<KeyValuePair<string, string?>> For(int cores, int throttle, Func<string, bool> isSet)
    {
        string share = Math.Max(1, cores / Math.Max(1, throttle)).ToString(CultureInfo.InvariantCulture);
        return Names.Where(name => !isSet(name)).Select(name => KeyValuePair.Create(name, (string?)share));
    }
}
