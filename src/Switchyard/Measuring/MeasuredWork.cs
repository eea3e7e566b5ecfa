using Switchyard.Codec;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.Trials;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Parameters;
using Switchyard.Parameters.Affinity;
using Switchyard.ProcessWorkers;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;
using Switchyard.Work;

namespace Switchyard.Measuring;

/// <summary>What is measured, and the ways to run it that are compared.</summary>
internal sealed class MeasuredWork : IDisposable
{
    // One for each size that may be tried.
    private const int ProcessTrials = 5;

    private readonly TiedWork? _tied;
    private readonly Func<IWorkerFactory> _threads;
    private readonly Func<IWorkerFactory>? _empty;
    private readonly Queue<IWorkerFactory> _processes = new();

    /// <summary>Measures a program.</summary>
    /// <param name="hosts">Makes the other machines to measure it on; null for none.</param>
    public MeasuredWork(ExecutableWork work, MeasuredHosts? hosts)
    {
        Work = work;
        Hosts = hosts;
        _threads = work.CreateWorkers;
    }

    /// <param name="modules">Those that workers elsewhere import, by the names that they have there.</param>
    /// <summary>A script block. Prepares on this thread what would run in processes, as that reads the caller's session.</summary>
    /// <exception cref="BatchException">The options name what is not there.</exception>
    public MeasuredWork(ProcessWorkOptions options, SessionSettings settings, SessionState session, bool validates, HostOptions? hosts, string[] modules)
    {
        ThreadValues values = new(settings, options.Arguments, session, options.Warn);
        ItemSnapshots snapshots = new();
        SharedBody body = new(options.Body, values.Arguments);
        SharedBody nothing = new(ScriptBlock.Create(string.Empty), []);
        SessionSettings plain = values.Settings with { Initialization = null, Modules = [], Cloned = null, UsingValues = null };
        _threads = () => new RunspaceWorkerFactory(body, values.Settings, isFresh: false, honoursRetryAfter: false);
        _empty = () => new RunspaceWorkerFactory(nothing, plain, isFresh: false, honoursRetryAfter: false);
        _tied = new TiedWork(options.Body, UsingValuesOf(settings), checksTypes: settings is { Initialization: null, Modules.Count: 0, Cloned: null });
        WhyNoProcesses = _tied.OwnType ?? PrepareProcesses(options, settings, session, validates ? ProcessTrials : 1);
        Hosts = hosts is null ? null : new MeasuredHosts(
            hosts, settings, session, WhyNoProcesses is null ? () => (RemoteWorkerFactory)ProcessWork.CreateWorkers(FarOptions(options, hosts), settings with { Modules = modules }, session) : null);
        Work = new ScriptBlockWork(options.Body, NoWorkers.Instance, 1, WhyNoProcesses is null ? item => Prepare(values, snapshots, item) : values.Prepare);
    }

    public BatchWork Work { get; }

    /// <summary>Why a script block cannot run in processes; null if it can.</summary>
    public string? WhyNoProcesses { get; }

    /// <summary>The other machines that it is measured on; null for none.</summary>
    public MeasuredHosts? Hosts { get; }

    /// <summary>Says what ties it to this process, by what it has been seen to be given.</summary>
    /// <returns>A phrase; null for nothing.</returns>
    public string? WhyHere(IEnumerable<object?> items) => WhyNoProcesses ?? _tied?.Find(items);

    public MeterOptions CreateOptions() => new()
    {
        Threads = _threads,
        Empty = _empty,
        Hosts = Hosts?.Trials ?? [],
        Processes = Work is ScriptBlockWork && WhyNoProcesses is null ? _processes.Dequeue : null,
        IsExecutable = Work is ExecutableWork,
    };

    public void Dispose()
    {
        Hosts?.Dispose();
        while (_processes.TryDequeue(out IWorkerFactory? unused))
        {
            (unused as IDisposable)?.Dispose();
        }
    }

    private static KeyValuePair<string, object?>[] UsingValuesOf(SessionSettings settings) =>
        [.. (settings.UsingValues ?? []).Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create(UsingValues.TextOf((string)entry.Key), entry.Value))];

    // What is to be said of what cannot be sent was said of processes of this machine.
    private static ProcessWorkOptions FarOptions(ProcessWorkOptions options, HostOptions hosts) => options with { Hosts = hosts, Warn = _ => { } };

    private static object? Prepare(ThreadValues values, ItemSnapshots snapshots, object? item) =>
        values.Prepare(item) is PreparedItem refused ? refused : snapshots.Prepare(item);

    private string? PrepareProcesses(ProcessWorkOptions options, SessionSettings settings, SessionState session, int count)
    {
        IEnumerable<KeyValuePair<string, object?>> given =
        [
            .. UsingValuesOf(settings),
            .. settings.Variables.Select(variable => KeyValuePair.Create("$" + variable.Key, variable.Value)),
            .. options.Arguments.Select((value, i) => KeyValuePair.Create($"-ArgumentList[{i}]", value)),
        ];
        if (SharedObjects.Find(given) is { } shared)
        {
            return MessageText.Format(Messages.ProcessesShareNothing, shared.Name, shared.Type.Name);
        }

        try
        {
            for (int i = 0; i < count; i++)
            {
                _processes.Enqueue(ProcessWork.CreateWorkers(options, settings, session));
            }

            return null;
        }
        catch (BatchException exception)
        {
            // Threads remain.
            Debug.WriteLine(exception);
            return exception.Record.ToString();
        }
    }

    private sealed class NoWorkers : IWorkerFactory
    {
        public static readonly NoWorkers Instance = new();

        public TimeSpan OpenCost => TimeSpan.Zero;

        public IBatchWorker Create(int number) => throw new InvalidOperationException("The meter makes the workers.");
    }
}
