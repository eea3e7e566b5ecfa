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
        foreach (ClonedDrive drive in clone.Drives.Where(drive => !drive.ComesByItself))
        {
            try
            {
                // The provider is the session's own: the caller's would work in the caller's session. It may bring the drive along.
                ProviderInfo provider = runspace.SessionStateProxy.Provider.GetOne(drive.Provider);
                PSDriveInfo? present = Find(drive.Name);
                if (present is not null && (present.Root != drive.Root || present.Provider.Name != drive.Provider))
                {
                    runspace.SessionStateProxy.Drive.Remove(drive.Name, force: true, "global");
                    present = null;
                }

                present ??= runspace.SessionStateProxy.Drive.New(
                    new PSDriveInfo(drive.Name, provider, drive.Root, drive.Description, drive.Credential, drive.DisplayRoot), "global");
                if (present.Name != runspace.SessionStateProxy.Drive.Current.Name)
                {
                    // Where the session itself stands is set after this.
                    present.CurrentLocation = drive.CurrentLocation;
                }
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

    // Not by its name, which the system would look for where there is none.
    private PSDriveInfo? Find(string name) =>
        runspace.SessionStateProxy.Drive.GetAll().FirstOrDefault(drive => drive.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

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
