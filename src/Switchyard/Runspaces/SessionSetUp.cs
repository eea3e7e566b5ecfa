using Switchyard.Errors;

namespace Switchyard.Runspaces;

/// <summary>
/// Gives a session what the caller wants in it, on the session's own thread. What was asked for by name comes after what
/// -CloneSession brings along, and so stands above it.
/// </summary>
/// <param name="importGate">Passed while modules are imported: some do not survive being imported twice at a time.</param>
internal sealed class SessionSetUp(RunspaceSession session, SessionSettings settings, SemaphoreSlim importGate, IItemSink sink)
{
    private const string InitializationScript = ". $args[0]";

    private readonly RunspaceSession _session = session;
    private readonly SessionSettings _settings = settings;
    private readonly SemaphoreSlim _importGate = importGate;
    private readonly IItemSink _sink = sink;

    /// <summary>Does it.</summary>
    /// <exception cref="BatchException">A module cannot be imported, or the initialization script failed.</exception>
    public void Run()
    {
        ClonedSessionSetUp? clone = _settings.Cloned is null ? null : new(_session.Runspace, _settings.Cloned, ImportModule, _sink);

        // Before the preferences, which are the body's: what an import says the caller has heard at its own.
        clone?.ImportModules();
        foreach ((string name, object value) in _settings.Preferences)
        {
            _session.Runspace.SessionStateProxy.SetVariable(name, value);
        }

        // The location may be on one of the drives.
        clone?.MakeDrives();
        SessionLocation.Set(_session.Runspace, _settings);
        clone?.DefineAll();
        AddNamed();
        if (_settings.Initialization is not null)
        {
            Initialize(_settings.Initialization);
        }
    }

    private void AddNamed()
    {
        foreach ((string name, ScriptBlock function) in _settings.Functions)
        {
            _session.Runspace.SessionStateProxy.InvokeProvider.Item.Set("function:global:" + name, function);
        }

        foreach ((string name, object? value) in _settings.Variables)
        {
            _session.Runspace.SessionStateProxy.SetVariable(name, value);
        }

        foreach (string module in _settings.Modules)
        {
            try
            {
                ImportModule(ModuleImports.Create(module));
            }
            catch (RuntimeException exception) when (exception is not PipelineStoppedException)
            {
                throw SessionErrors.ModuleImportFailed(module, exception);
            }
        }
    }

    private void ImportModule(PowerShell pipeline)
    {
        using (pipeline)
        {
            _session.RunStep(_importGate, pipeline, _sink, isUserCode: false);
        }
    }

    private void Initialize(ScriptBlock initialization)
    {
        // Dot-sourced into the global scope, where the body finds what it defines.
        using PowerShell pipeline = RunspaceSession.CreateScript(InitializationScript, useLocalScope: false, _settings, initialization);
        try
        {
            _session.RunStep(ModuleImports.AreIn(initialization.Ast) ? _importGate : null, pipeline, _sink, isUserCode: true);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw SessionErrors.InitializationFailed(exception);
        }
    }
}
