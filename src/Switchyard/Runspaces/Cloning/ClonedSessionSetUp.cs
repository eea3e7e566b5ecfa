using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Runspaces.Cloning;

/// <summary>Gives a session what -CloneSession took from the caller's. What cannot be done is one warning of the run, never its end.</summary>
internal sealed class ClonedSessionSetUp(Runspace runspace, ClonedSession clone, Action<PowerShell> invoke, IItemSink sink)
{
    public void ImportModules()
    {
        foreach (ClonedModule module in clone.Modules)
        {
            // What it says of its names it has said to the caller.
            PowerShell import = ModuleImports.Create(module.Path).AddParameter("DisableNameChecking");
            if (module.Prefix.Length > 0)
            {
                import.AddParameter("Prefix", module.Prefix);
            }

            try
            {
                invoke(import);
            }
            catch (RuntimeException exception) when (exception is not PipelineStoppedException)
            {
                Warn(module.Path, exception);
            }
        }
    }

    public void UpdateTypeData()
    {
        // A module brings its files along.
        HashSet<string> files = [.. runspace.InitialSessionState.Types.Select(entry => entry.FileName).OfType<string>()];
        foreach (ClonedTypeData step in clone.TypeData.Where(step => step.FileName is not { } file || files.Add(file)))
        {
            PowerShell update = PowerShell.Create().AddCommand(step.IsRemoved ? @"Microsoft.PowerShell.Utility\Remove-TypeData" : @"Microsoft.PowerShell.Utility\Update-TypeData");
            update.AddParameter("ErrorAction", ActionPreference.Stop);
            _ = step switch
            {
                { Data: null, IsRemoved: false } => update.AddParameter("AppendPath", step.FileName),
                { Data: null } => update.AddParameter("Path", step.FileName),
                { IsRemoved: true } => update.AddParameter("TypeName", step.Data.TypeName),
                _ => update.AddParameter("TypeData", step.Data).AddParameter("Force"),
            };

            try
            {
                invoke(update);
            }
            catch (RuntimeException exception) when (exception is not PipelineStoppedException)
            {
                Warn(step.FileName ?? step.Data!.TypeName, exception);
            }
        }
    }

    public void MakeDrives()
    {
        DriveManagementIntrinsics drives = runspace.SessionStateProxy.Drive;
        Dictionary<string, PSDriveInfo> known = drives.GetAll().ToDictionary(drive => drive.Name, StringComparer.OrdinalIgnoreCase);
        foreach (ClonedDrive drive in clone.Drives)
        {
            if (known.TryGetValue(drive.Name, out PSDriveInfo? present) && present.Root == drive.Root)
            {
                continue;
            }

            try
            {
                // The provider is the session's own: the caller's would work in the caller's session.
                ProviderInfo provider = runspace.SessionStateProxy.Provider.GetOne(drive.Provider);
                PSDriveInfo made = new(drive.Name, provider, drive.Root, drive.Description, drive.Credential, drive.DisplayRoot);
                drives.New(made, "global").CurrentLocation = drive.CurrentLocation;
            }
            catch (Exception exception) when (exception is not PipelineStoppedException)
            {
                // A provider may be of any author and throw anything, and the items may do without the drive.
                Warn(drive.Name + ":", exception);
            }
        }
    }

    public void DefineAll()
    {
        if (clone.Types is not null)
        {
            EngineTypes.AddTypes(runspace, clone.Types);
        }

        Action<string, string, bool>? setAlias = EngineSessions.BindSetAlias(runspace);
        foreach ((string name, string definition) in clone.Aliases)
        {
            Define(name, definition, "alias:", setAlias);
        }

        Action<string, ScriptBlock, bool>? setFunction = EngineSessions.BindSetFunction(runspace);
        foreach ((string name, ScriptBlock function) in clone.Functions)
        {
            Define(name, function, "function:", setFunction);
        }

        PSVariableIntrinsics variables = runspace.SessionStateProxy.PSVariable;
        foreach (ClonedVariable variable in clone.Variables)
        {
            try
            {
                variables.Set(variable.Create());
            }
            catch (SessionStateException)
            {
                // One of a module's that it lets no code change: the module's own is as good, here as in the caller's session.
            }
        }

        if (clone.DefaultParameters is not null)
        {
            runspace.SessionStateProxy.SetVariable("PSDefaultParameterValues", new DefaultParameterDictionary(clone.DefaultParameters));
        }
    }

    private void Define<T>(string name, T value, string drive, Action<string, T, bool>? set)
    {
        try
        {
            if (set is not null)
            {
                set(name, value, true);
            }
            else
            {
                runspace.SessionStateProxy.InvokeProvider.Item.Set([drive + "global:" + name], value, force: true, literalPath: true);
            }
        }
        catch (SessionStateException)
        {
            // A constant one of a module's, as above.
        }
    }

    private void Warn(string what, Exception cause)
    {
        if (clone.IsNews(what))
        {
            sink.Write(RecordKind.Warning, new WarningRecord(SessionErrors.CloneStepFailed(what, cause)));
        }
    }
}
