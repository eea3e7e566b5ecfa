using System.Management.Automation.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Runspaces;

/// <summary>Makes the runspace workers of one run, and knows what a runspace costs here.</summary>
internal sealed class RunspaceWorkerFactory : IWorkerFactory
{
    // Until one was opened: what a runspace took on the machine that this was written on.
    private long _openTicks = Stopwatch.Frequency / 125;

    private readonly Lazy<InitialSessionState> _initial;

    // Two first workers may both take it: they find the same.
    private SessionBaseline? _baseline;

    public RunspaceWorkerFactory(SharedBody body, SessionSettings settings, bool isFresh, bool honoursRetryAfter)
    {
        HonoursRetryAfter = honoursRetryAfter;
        Body = body;
        Settings = settings;
        IsFresh = isFresh;
        Completion = settings.Completion is null ? null : new SharedBody(settings.Completion, []);
        _initial = new Lazy<InitialSessionState>(CreateInitialState);
    }

    public SharedBody Body { get; }

    /// <summary>What a worker runs after its last item; null for nothing.</summary>
    public SharedBody? Completion { get; }

    public SessionSettings Settings { get; }

    /// <summary>Whether each item gets a session of its own.</summary>
    public bool IsFresh { get; }

    /// <summary>Whether Retry-After is looked for in errors.</summary>
    public bool HonoursRetryAfter { get; }

    /// <summary>Lets one worker of this run at a time import modules. Of the run only: a nested one must not wait for its outer.</summary>
    public SemaphoreSlim ImportGate { get; } = new(1);

    // Its thread, and what programs that its items run take.
    public WorkerNeeds Needs => new(Files: 2, Tasks: 3);

    public TimeSpan OpenCost => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _openTicks));

    public IBatchWorker Create(int number) => new RunspaceWorker(this);

    /// <summary>Opens a session that is not set up yet.</summary>
    public RunspaceSession OpenSession()
    {
        long start = Stopwatch.GetTimestamp();
        RunspaceSession? warm = IsFresh ? null : WarmRunspacePool.Shared.Rent(Settings.Host, Settings.LanguageMode);
        RunspaceSession session = warm ?? RunspaceSession.Open(_initial.Value, Settings.Host, ref _baseline);
        Volatile.Write(ref _openTicks, Stopwatch.GetTimestamp() - start);
        return session;
    }

    /// <summary>Takes a session back that its worker is done with, on that worker's thread.</summary>
    public void CloseSession(RunspaceSession session)
    {
        if (IsFresh)
        {
            session.Dispose();
        }
        else
        {
            WarmRunspacePool.Shared.Return(session);
        }
    }

    private InitialSessionState CreateInitialState()
    {
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        initial.LanguageMode = Settings.LanguageMode;

        ModuleCommands.AddTo(initial);
        return initial;
    }
}
