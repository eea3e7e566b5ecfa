using Microsoft.PowerShell.Commands;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>Finds the modules that -SendModule names, and those that they need, while the caller's location and imported modules still say what is meant.</summary>
internal sealed class ModuleFinder(SessionState session)
{
    private readonly List<SentModule> _found = [];

    /// <exception cref="BatchException">One is not there, or cannot be sent.</exception>
    public IReadOnlyList<SentModule> Find(IEnumerable<object> wanted)
    {
        foreach (object value in wanted)
        {
            Add(Find(PSObjects.Unwrap(value)) ?? throw SessionErrors.SendModuleNotFound(value));
        }

        return _found;
    }

    private static PSModuleInfo? List(string parameter, object value, bool isImported)
    {
        // By its full name, as the caller may have a function of that name.
        using PowerShell list = PowerShell.Create(RunspaceMode.CurrentRunspace).AddCommand(@"Microsoft.PowerShell.Core\Get-Module").AddParameter(parameter, value);
        list.AddParameter("ErrorAction", ActionPreference.Ignore);
        PSModuleInfo[] modules = [.. (isImported ? list : list.AddParameter("ListAvailable")).Invoke<PSModuleInfo>()];
        return Array.Find(modules, module => ModuleFile.Find(module) is not null) ?? modules.FirstOrDefault();
    }

    private PSModuleInfo? Find(object? value) => value switch
    {
        PSModuleInfo module => module,
        FileSystemInfo file => OfPath(file.FullName),
        IDictionary table => Find(new ModuleSpecification(new Hashtable(table))),
        ModuleSpecification specification => List("FullyQualifiedName", specification, isImported: true) ?? List("FullyQualifiedName", specification, isImported: false),
        _ => value?.ToString() is { Length: > 0 } text
            ? SessionModules.IsPath(text) ? OfPath(SessionModules.ResolvePath(text, session, SessionErrors.SendModuleNotFound)) : OfName(text)
            : null,
    };

    private static PSModuleInfo? OfName(string name)
    {
        PSModuleInfo? imported = List("Name", WildcardPattern.Escape(name), isImported: true);
        return imported is not null && ModuleFile.Find(imported) is not null ? imported : List("Name", WildcardPattern.Escape(name), isImported: false) ?? imported;
    }

    private static PSModuleInfo? OfPath(string path) => List("Name", WildcardPattern.Escape(Path.TrimEndingDirectorySeparator(path)), isImported: false);

    private void Add(PSModuleInfo module)
    {
        // Every worker has them.
        if (SessionTables.IsOfEngine(module) || ModuleFolders.IsOwn(module.ModuleBase))
        {
            return;
        }

        string file = ModuleFile.Find(module) ?? throw SessionErrors.SendModuleWithoutFile(module.Name);
        string folder = Path.GetDirectoryName(file)!;
        if (_found.Exists(known => ModuleFolders.AreSame(known.Folder, folder)))
        {
            return;
        }

        if (IsOfMany(folder))
        {
            throw SessionErrors.SendModuleAmongOthers(module.Name, folder);
        }

        string name = Path.GetFileNameWithoutExtension(file);
        try
        {
            _found.Add(SentModule.Read(name, folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FileTransferException)
        {
            throw SessionErrors.SendModuleNotReadable(name, exception);
        }

        ModuleNeeds needs = ModuleNeeds.Read(file);
        if (needs.Outside is { } outside)
        {
            throw SessionErrors.SendModuleIncomplete(name, outside);
        }

        foreach (PSModuleInfo other in needs.Modules.Select(Find).OfType<PSModuleInfo>())
        {
            Add(other);
        }
    }

    // All of it would be sent.
    private static bool IsOfMany(string folder) => new[] { Path.GetPathRoot(folder)!, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetTempPath() }
        .Concat(SessionModules.Folders())
        .Any(other => other.Length > 0 && ModuleFolders.AreSame(Path.TrimEndingDirectorySeparator(other), folder));
}
