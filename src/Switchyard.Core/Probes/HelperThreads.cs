using Switchyard.Core.Gauges;

namespace Switchyard.Core.Probes;

/// <summary>
/// Processor time of the threads that work for a body beside its own: those of the thread pool and whatever it has started. Without
/// them, a body that is parallel in itself would look as if it waited. Linux only.
/// </summary>
internal sealed class HelperThreads
{
    // The runtime's own, which compile and collect for all threads. Linux keeps 15 characters of a name; the compiler's is ".NET Tiered Com" up
    // to .NET 10 and ".NET Tiered JIT" from .NET 11.
    private static readonly string[] _runtime = [".NET Tiered", ".NET BGC", ".NET Server GC", ".NET Finalizer", ".NET SigHandler", ".NET EventPipe", ".NET Timer", "Switchyard"];

    private readonly Dictionary<string, TimeSpan> _before;
    private readonly HashSet<string> _known;

    private HelperThreads(IEnumerable<string> known)
    {
        _known = [.. known];
        _before = ReadAll();
    }

    /// <summary>Begins to count: what threads have used by now does not count.</summary>
    /// <param name="known">Numbers of threads that never count: the caller's own.</param>
    public static HelperThreads Begin(params string[] known) => new(known);

    /// <summary>The number of the calling thread, as the system knows it; empty where it does not tell.</summary>
    public static string CurrentId => OperatingSystem.IsLinux() ? Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget) ?? string.Empty : string.Empty;

    public TimeSpan Read()
    {
        TimeSpan sum = TimeSpan.Zero;
        foreach ((string thread, TimeSpan now) in ReadAll())
        {
            sum += now - _before.GetValueOrDefault(thread);
        }

        return sum;
    }

    /// <summary>Whether a thread of this name is the runtime's or the engine's own, and works for no body.</summary>
    internal static bool IsOfRuntime(string name) => Array.Exists(_runtime, start => name.StartsWith(start, StringComparison.Ordinal));

    private Dictionary<string, TimeSpan> ReadAll()
    {
        Dictionary<string, TimeSpan> times = [];
        if (!OperatingSystem.IsLinux())
        {
            return times;
        }

        foreach (string folder in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string id = Path.GetFileName(folder);
            string? name = _known.Contains(id) ? null : KernelText.ReadFile(folder + "/comm");
            if (name is not null
                && !IsOfRuntime(name)
                && KernelText.ParseScheduling(KernelText.ReadFile(folder + "/schedstat")) is { } scheduling)
            {
                times[id] = scheduling.OnCore;
            }
        }

        return times;
    }
}
