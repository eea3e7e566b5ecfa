using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Hosting;
using Switchyard.Streams;

namespace Switchyard.Runspaces.Sessions;

/// <summary>
/// A runspace that one worker uses at a time: set up once, then running one pipeline that loops over items. Everything runs on
/// the calling thread (<see cref="PSThreadOptions.UseCurrentThread"/>): the engine's own threads would hold the process open.
/// </summary>
internal sealed class RunspaceSession : IDisposable
{
    // Of arguments only, so that no name of ours is seen in the body. The using values are this scope's.
    private const string LoopScript = "& $args[0] -Loop $args[1]";

    private static readonly CmdletInfo _loopCommand = new("Invoke-ItemLoop", typeof(ItemLoopCommand));

    private readonly WorkerHostUI _hostUI;
    private readonly PSHost _callerHost;
    private readonly PSLanguageMode _languageMode;
    private readonly SessionBaseline? _baseline;
    private readonly SessionStops _stops = new();
    private ItemScope? _scope;
    private IReadOnlyList<string> _ownFunctions = [];
    private bool _hearsWarnings;
    private volatile bool _isReusable;

    private RunspaceSession(
        Runspace runspace, PSHost callerHost, WorkerHostUI hostUI, PSLanguageMode languageMode, SessionBaseline? baseline)
    {
        Runspace = runspace;
        _callerHost = callerHost;
        _hostUI = hostUI;
        _languageMode = languageMode;
        _baseline = baseline;
    }

    public Runspace Runspace { get; }

    /// <summary>Opens a runspace.</summary>
    /// <param name="baseline">What a session holds that was opened from this state; taken from this one if it is the first.</param>
    public static RunspaceSession Open(InitialSessionState initial, PSHost callerHost, ref SessionBaseline? baseline)
    {
        WorkerHost host = new(callerHost);
        WorkerHostUI hostUI = (WorkerHostUI)host.UI;
        Runspace runspace = RunspaceFactory.CreateRunspace(host, initial);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        hostUI.IsOpening = true;
        runspace.Open();
        hostUI.IsOpening = false;
        if (EngineSessions.CanHide && baseline is null)
        {
            System.Management.Automation.Runspaces.Runspace.DefaultRunspace = runspace;
            baseline = SessionBaseline.Of(runspace);
        }

        return new RunspaceSession(runspace, callerHost, hostUI, initial.LanguageMode, baseline);
    }

    /// <summary>Whether it can run anything: the engine closes all sessions when the process exits.</summary>
    public bool IsOpen => Runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    public bool Serves(PSHost callerHost, PSLanguageMode languageMode) =>
        ReferenceEquals(_callerHost, callerHost) && _languageMode == languageMode;

    public bool ServesSameAs(RunspaceSession other) => Serves(other._callerHost, other._languageMode);

    /// <summary>Gives the session to a worker. Only its stops are heard from now on: one that comes late is not to hit another batch.</summary>
    public void UseFor(object user) => _stops.UseFor(user);

    /// <summary>Takes the session out of sight while it waits for another batch.</summary>
    /// <returns>False if what was done to it cannot be undone.</returns>
    public bool TryEnterPool() =>
        _stops.TryRelease() && _isReusable && IsOpen && _baseline is not null && EngineSessions.TryHide(Runspace);

    /// <summary>Puts the session in sight again, before it is used or closed.</summary>
    public void LeavePool() => EngineSessions.Show(Runspace);

    /// <summary>Makes the session as good as new, if it can be.</summary>
    public bool TryClean()
    {
        Runspace? before = System.Management.Automation.Runspaces.Runspace.DefaultRunspace;
        UseRunspaceOnThisThread();
        try
        {
            if (Runspace.SessionStateProxy.LanguageMode != PSLanguageMode.FullLanguage || SessionTranscripts.AreOn(_hostUI))
            {
                // The engine refuses to reset such a session, and a body may have made it one; a transcript ends when the session is closed.
                return false;
            }

            foreach (string function in _ownFunctions)
            {
                Runspace.SessionStateProxy.InvokeProvider.Item.Remove("function:global:" + function, recurse: false);
            }

            if (!_baseline!.Matches(Runspace))
            {
                return false;
            }

            EngineSessions.ForgetWatches(Runspace);
            Runspace.ResetRunspaceState();
            new LocationStacks(Runspace).Clear();
            return true;
        }
        catch (Exception exception)
        {
            // It is closed then, and the next batch opens another. Mostly it is being closed already, as the process exits; thrown on
            // the pool's thread, this would make a crash of that.
            Debug.WriteLine(exception);
            return false;
        }
        finally
        {
            System.Management.Automation.Runspaces.Runspace.DefaultRunspace = before;
        }
    }

    /// <summary>Gives the session what the caller wants in it.</summary>
    /// <param name="importGate">Passed while modules are imported: some do not survive being imported twice at a time.</param>
    /// <exception cref="BatchException">A module cannot be imported, or the initialization script failed.</exception>
    public void SetUp(SessionSettings settings, SemaphoreSlim importGate, IItemSink sink)
    {
        // What these do to a session cannot be undone.
        _isReusable = settings is { Modules: [], Initialization: null, Cloned: null };
        _ownFunctions = [.. settings.Functions.Keys];
        _hearsWarnings = CallerPreferences.HearsWarnings(settings.Preferences);
        _scope = null;
        SessionOwners.Note(Runspace, settings.Owner);

        UseRunspaceOnThisThread();
        new SessionSetUp(this, settings, importGate, sink).Run();
    }

    /// <summary>Runs items until the source is dry or the session is stopped.</summary>
    /// <param name="failure">Makes the error of what has ended an item; null for the one that it was.</param>
    public void RunItems(
        SharedBody body, SessionSettings settings, IItemSource source, IItemSink sink, bool honoursRetryAfter, Func<ErrorRecord, ErrorRecord>? failure = null)
    {
        UseRunspaceOnThisThread();

        // Not that of the session as an item left it that was stopped.
        _scope ??= new ItemScope(Runspace);
        ThreadSettings thread = new();
        ItemLoop loop = new(body, source, sink, _scope, thread, honoursRetryAfter) { Failure = failure };
        using PowerShell pipeline = CreateScript(LoopScript, useLocalScope: true, settings, _loopCommand, loop);
        try
        {
            Run(pipeline, sink, loop.WriteError, loop.Output);
        }
        catch (Exception) when (_stops.IsItemStopped)
        {
            // The item was stopped, and the loop with it. The session is fit to run the next.
        }
        finally
        {
            // A process runs its next batch on it.
            thread.Restore();
        }
    }

    /// <inheritdoc cref="SessionStops.AllowItems"/>
    public void AllowItems() => _stops.AllowItems();

    /// <inheritdoc cref="SessionStops.StopItem"/>
    public void StopItem(object user) => _stops.StopItem(user);

    /// <inheritdoc cref="SessionStops.Stop"/>
    public void Stop(object user) => _stops.Stop(user);

    /// <inheritdoc cref="SessionStops.TryAbandon"/>
    public bool TryAbandon(object user) => _stops.TryAbandon(user);

    public void Dispose()
    {
        _stops.TryRelease();
        if (IsOpen)
        {
            SessionTranscripts.End(Runspace, _hostUI);
        }

        Runspace.Dispose();
        _stops.Dispose();
    }

    /// <summary>Prepares a script for a session, with the values that its $using: expressions ask for.</summary>
    internal static PowerShell CreateScript(string script, bool useLocalScope, SessionSettings settings, params object[] arguments)
    {
        PowerShell pipeline = PowerShell.Create().AddScript(script, useLocalScope);
        foreach (object argument in arguments)
        {
            pipeline.AddArgument(argument);
        }

        if (settings.UsingValues is not null)
        {
            // The engine looks $using: values up in this parameter of the nearest enclosing scope that has it.
            pipeline.AddParameter("--%", settings.UsingValues);
        }

        return pipeline;
    }

    /// <summary>Runs a step of the set-up, whose output is dropped.</summary>
    /// <param name="gate">Passed by one worker at a time; null if the step needs no gate.</param>
    internal void RunStep(SemaphoreSlim? gate, PowerShell pipeline, IItemSink sink, bool isUserCode)
    {
        gate?.Wait(_stops.Token);
        try
        {
            if (isUserCode)
            {
                sink.EnterUserCode();
            }

            Run(pipeline, sink, record => sink.Write(RecordKind.Error, record), new OutputRelay(null));
        }
        finally
        {
            if (isUserCode)
            {
                sink.LeaveUserCode();
            }

            gate?.Release();
        }
    }

    private void Run(PowerShell pipeline, IItemSink sink, Action<ErrorRecord> errors, OutputRelay output)
    {
        pipeline.Runspace = Runspace;
        StreamRelay.Connect(pipeline.Streams, sink, errors, _hostUI, _hearsWarnings);
        _stops.Begin(pipeline);
        try
        {
            pipeline.Invoke(null, output);
        }
        finally
        {
            _stops.End();
        }
    }

    private void UseRunspaceOnThisThread() => System.Management.Automation.Runspaces.Runspace.DefaultRunspace = Runspace;
}
