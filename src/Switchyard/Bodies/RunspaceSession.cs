using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Errors;
using Switchyard.Hosting;
using Switchyard.Items;
using Switchyard.Streams;

namespace Switchyard.Bodies;

/// <summary>
/// A runspace that one worker uses at a time: set up once, then running one pipeline that loops over items. Everything runs on
/// the calling thread (<see cref="PSThreadOptions.UseCurrentThread"/>): the engine's own threads would hold the process open.
/// </summary>
internal sealed class RunspaceSession : IDisposable
{
    // Of arguments only, so that no name of ours is seen in the body. The using values are this scope's.
    private const string LoopScript = "& $args[0] -Loop $args[1]";
    private const string InitializationScript = ". $args[0]";

    private static readonly CmdletInfo _loopCommand = new("Invoke-ItemLoop", typeof(ItemLoopCommand));

    private readonly WorkerHostUI _hostUI;
    private readonly object _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private PowerShell? _running;

    private RunspaceSession(Runspace runspace, WorkerHostUI hostUI)
    {
        Runspace = runspace;
        _hostUI = hostUI;
    }

    /// <summary>The runspace.</summary>
    public Runspace Runspace { get; }

    /// <summary>Opens a runspace with the engine's default commands and this module's.</summary>
    /// <param name="initial">The state to start from.</param>
    /// <param name="host">What its commands see as the host.</param>
    /// <returns>The session.</returns>
    public static RunspaceSession Open(InitialSessionState initial, WorkerHost host)
    {
        Runspace runspace = RunspaceFactory.CreateRunspace(host, initial);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        return new RunspaceSession(runspace, (WorkerHostUI)host.UI);
    }

    /// <summary>Gives the session what the caller wants in it.</summary>
    /// <param name="settings">What the caller wants.</param>
    /// <param name="importGate">Passed while modules are imported: some do not survive being imported twice at a time.</param>
    /// <param name="sink">Takes what the initialization writes.</param>
    /// <exception cref="BatchException">A module cannot be imported, or the initialization script failed.</exception>
    public void SetUp(SessionSettings settings, SemaphoreSlim importGate, IItemSink sink)
    {
        UseRunspaceOnThisThread();
        foreach ((string name, object value) in settings.Preferences)
        {
            Runspace.SessionStateProxy.SetVariable(name, value);
        }

        SetLocation(settings);
        foreach ((string name, ScriptBlock function) in settings.Functions)
        {
            Runspace.SessionStateProxy.InvokeProvider.Item.Set("function:global:" + name, function);
        }

        foreach ((string name, object? value) in settings.Variables)
        {
            Runspace.SessionStateProxy.SetVariable(name, value);
        }

        foreach (string module in settings.Modules)
        {
            ImportModule(module, importGate, sink);
        }

        if (settings.Initialization is not null)
        {
            Initialize(settings.Initialization, settings, importGate, sink);
        }
    }

    /// <summary>Runs items until the source is dry or the session is stopped.</summary>
    /// <param name="body">The code.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="source">Where items come from.</param>
    /// <param name="sink">Where records and ends go.</param>
    public void RunItems(SharedBody body, SessionSettings settings, IItemSource source, IItemSink sink)
    {
        UseRunspaceOnThisThread();
        ItemLoop loop = new(body, source, sink, new ItemScope(Runspace));
        using PowerShell pipeline = CreateScript(LoopScript, useLocalScope: true, settings, _loopCommand, loop);
        Run(pipeline, sink, loop.WriteError, output => sink.Write(RecordKind.Output, output));
    }

    /// <summary>Stops what runs now, and whatever would run after it. Blocks until it has stopped.</summary>
    public void Stop()
    {
        PowerShell? running;
        lock (_lock)
        {
            _stop.Cancel();
            running = _running;
        }

        running?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Runspace.Dispose();
        _stop.Dispose();
    }

    private static PowerShell CreateScript(string script, bool useLocalScope, SessionSettings settings, params object[] arguments)
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

    private void SetLocation(SessionSettings settings)
    {
        PathIntrinsics path = Runspace.SessionStateProxy.Path;
        try
        {
            path.SetLocation(WildcardPattern.Escape(settings.Location));
        }
        catch (SessionStateException)
        {
            // The caller's own drive, or a place that is gone: then by the path behind the drive, if that is there.
            try
            {
                path.SetLocation(WildcardPattern.Escape(settings.ProviderLocation));
            }
            catch (SessionStateException)
            {
                // The session stays where sessions start.
            }
        }
    }

    private void ImportModule(string module, SemaphoreSlim importGate, IItemSink sink)
    {
        using PowerShell pipeline = PowerShell.Create().AddCommand("Import-Module")
            .AddParameter("Name", module)
            .AddParameter("ErrorAction", ActionPreference.Stop);
        try
        {
            RunGated(importGate, pipeline, sink);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw BatchErrors.ModuleImportFailed(module, exception);
        }
    }

    private void Initialize(ScriptBlock initialization, SessionSettings settings, SemaphoreSlim importGate, IItemSink sink)
    {
        // Dot-sourced into the global scope, where the body finds what it defines.
        using PowerShell pipeline = CreateScript(InitializationScript, useLocalScope: false, settings, initialization);
        try
        {
            RunGated(ModuleImports.AreIn(initialization.Ast) ? importGate : null, pipeline, sink);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw BatchErrors.InitializationFailed(exception);
        }
    }

    /// <summary>Runs a step of the set-up, whose output is nobody's.</summary>
    private void RunGated(SemaphoreSlim? gate, PowerShell pipeline, IItemSink sink)
    {
        gate?.Wait(_stop.Token);
        try
        {
            Run(pipeline, sink, record => sink.Write(RecordKind.Error, record), _ => { });
        }
        finally
        {
            gate?.Release();
        }
    }

    private void Run(PowerShell pipeline, IItemSink sink, Action<ErrorRecord> errors, Action<PSObject?> output)
    {
        pipeline.Runspace = Runspace;
        StreamRelay.Connect(pipeline.Streams, sink, errors, _hostUI);
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
            {
                throw new PipelineStoppedException();
            }

            _running = pipeline;
        }

        try
        {
            pipeline.Invoke(null, new OutputRelay(output));
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    private void UseRunspaceOnThisThread() => System.Management.Automation.Runspaces.Runspace.DefaultRunspace = Runspace;
}
