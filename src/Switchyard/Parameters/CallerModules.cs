using Switchyard.Engine;
using Switchyard.Runspaces.Cloning;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>The modules that the caller has imported.</summary>
/// <param name="Dynamic">Names of those that are in no file, and so can be imported nowhere else.</param>
internal sealed record CallerModules(IReadOnlyList<ClonedModule> Cloned, IReadOnlyList<string> Dynamic)
{
    /// <summary>All but the engine's, which every session finds by itself, and this module, which every worker knows.</summary>
    public static CallerModules Find()
    {
        List<ClonedModule> cloned = [];
        List<string> dynamic = [];
        foreach (PSModuleInfo module in Imported())
        {
            if (ModuleFile.Find(module) is { } file)
            {
                cloned.Add(new ClonedModule(file, module.Prefix ?? string.Empty));
            }
            else
            {
                dynamic.Add(module.Name);
            }
        }

        return new CallerModules(cloned, dynamic);
    }

    /// <summary>Whether what came with a module comes into a worker with that module.</summary>
    /// <param name="module">The module of a variable; null if it is the caller's own.</param>
    public bool Bring(PSModuleInfo? module) =>
        module is not null && ModuleFile.Find(module) is { } file && Cloned.Any(cloned => ModuleFolders.AreSame(cloned.Path, file));

    private static IEnumerable<PSModuleInfo> Imported()
    {
        // By its full name, as the caller may have a function of that name.
        using PowerShell list = PowerShell.Create(RunspaceMode.CurrentRunspace).AddCommand(@"Microsoft.PowerShell.Core\Get-Module");
        return list.Invoke<PSModuleInfo>().Where(module => !SessionTables.IsOfEngine(module) && !ModuleFolders.IsOwn(module.ModuleBase));
    }
}
