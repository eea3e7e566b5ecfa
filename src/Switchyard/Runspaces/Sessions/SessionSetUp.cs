using Switchyard.Errors;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.Runspaces.Sessions;

/// <summary>
/// Gives a session what the caller wants in it, on the session's own thread. What was asked for by name comes after what
/// -CloneSession brings along, and so stands above it.
/// </summary>
/// <param name="importGate">Passed while modules are imported: some do not survive being imported twice at a time.</param>
internal sealed class SessionSetUp(RunspaceSession session, SessionSettings settings, SemaphoreSlim importGate, IItemSink sink)
{
    private const string InitializationScript = ". $args[0]";

    /// <exception cref="BatchException">A module cannot be imported, or the initialization script failed.</exception>
    public void Run()
    {
        ClonedSessionSetUp? clone = settings.Cloned is null ? null : new(session.Runspace, settings.Cloned, ImportModule, sink);

        // Before the preferences, which are the body's: what an import says the caller has heard at its own.
        clone?.ImportModules();
        clone?.UpdateTypeData();
        foreach ((string name, object value) in settings.Preferences)
        {
            session.Runspace.SessionStateProxy.SetVariable(name, value);
        }

        // The location may be on one of the drives.
        clone?.MakeDrives();
        SessionLocation.Set(session.Runspace, settings);
        clone?.DefineAll();
        session.Runspace.SessionStateProxy.SetVariable(SessionSettings.WorkerTable, new Hashtable(StringComparer.CurrentCultureIgnoreCase));
        AddNamed();
        if (settings.Initialization is not null)
        {
            Initialize(settings.Initialization);
        }
    }

    private void AddNamed()
    {
        foreach ((string name, ScriptBlock function) in settings.Functions)
        {
            session.Runspace.SessionStateProxy.InvokeProvider.Item.Set("function:global:" + name, function);
        }

        foreach ((string name, object? value) in settings.Variables)
        {
            session.Runspace.SessionStateProxy.SetVariable(name, value);
        }

        foreach (string module in settings.Modules)
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
            session.RunStep(importGate, pipeline, sink, isUserCode: false);
        }
    }

    private void Initialize(ScriptBlock initialization)
    {
        // Dot-sourced into the global scope, where the body finds what it defines.
        using PowerShell pipeline = RunspaceSession.CreateScript(InitializationScript, useLocalScope: false, settings, initialization);
        try
        {
            session.RunStep(ModuleImports.AreIn(initialization.Ast) ? importGate : null, pipeline, sink, isUserCode: true);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw SessionErrors.InitializationFailed(exception);
        }
    }
}
