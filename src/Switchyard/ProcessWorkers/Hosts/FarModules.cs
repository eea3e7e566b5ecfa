using System.Management.Automation.Language;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>The modules that are sent along with a batch: on both sides.</summary>
internal static class FarModules
{
    // Those that were sent are kept beside what the worker itself was begun with.
    private static readonly string _root = Path.GetDirectoryName(ModuleFolders.Own) ?? string.Empty;

    public static void Write(WireWriter writer, IReadOnlyList<SentModule> modules)
    {
        writer.WriteCount(modules.Count);
        foreach (SentModule module in modules)
        {
            writer.WriteString(module.Name);
            writer.WriteString(module.Hash);
        }
    }

    /// <summary>Gets those that are not there yet.</summary>
    /// <param name="open">Opens a stream to the caller on which a module comes, by its hash.</param>
    /// <returns>The folders in which they are found by their names.</returns>
    /// <exception cref="BatchException">One cannot be had or kept.</exception>
    public static IReadOnlyList<string> Get(WireReader reader, Func<string, Stream> open)
    {
        ModuleCache cache = new(_root, open);
        string[] folders = new string[reader.ReadCount(2)];
        for (int i = 0; i < folders.Length; i++)
        {
            string name = reader.ReadText();
            try
            {
                folders[i] = cache.Get(name, reader.ReadText());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw SessionErrors.ModuleNotReceived(name, Environment.MachineName, exception);
            }
        }

        return folders;
    }

    /// <summary>Has the paths of modules that are sent lead to where they will be: see Find.</summary>
    public static SessionSettings Place(SessionSettings settings, IReadOnlyList<SentModule> modules, SessionState session) => modules.Count == 0 ? settings : settings with
    {
        Modules = [.. settings.Modules.Select(path => PlaceOf(path, modules, session))],
        Cloned = settings.Cloned is { } cloned
            ? cloned with { Modules = [.. cloned.Modules.Select(module => module with { Path = PlaceOf(module.Path, modules, session) })] }
            : null,
    };

    /// <summary>Where that is, on the machine that has the folders.</summary>
    public static string Find(string path, IReadOnlyList<string> folders) =>
        folders.Any(folder => path.StartsWith(Path.GetFileName(folder) + '/', StringComparison.Ordinal)) ? Path.Combine(_root, path) : path;

    /// <summary>Has a statement that uses a module by its path use it by its name, if it is sent.</summary>
    public static string? Place(UsingStatementAst statement, IReadOnlyList<SentModule> modules, SessionState session)
    {
        if (statement is not { UsingStatementKind: UsingStatementKind.Module, Name.Value: { } path } || !SessionModules.IsPath(path))
        {
            return null;
        }

        // From where its script is, if it is in one.
        string full = Path.GetDirectoryName(statement.Extent.File) is { Length: > 0 } folder ? Path.GetFullPath(path, folder) : FullPath(path, session);
        return modules.FirstOrDefault(module => ModuleFolders.AreSame(full, module.Folder) || ModuleFolders.AreSame(Path.ChangeExtension(full, null), Path.Combine(module.Folder, module.Name))) is { } module
            ? $"using module {PowerShellText.Quote(module.Name)}"
            : null;
    }

    private static string PlaceOf(string path, IReadOnlyList<SentModule> modules, SessionState session)
    {
        string full = SessionModules.IsPath(path) ? FullPath(path, session) : string.Empty;
        return modules.FirstOrDefault(module => ModuleFolders.IsWithin(full, module.Folder)) is { } module
            ? $"{module.Hash}/{module.Name}/{Path.GetRelativePath(module.Folder, full)}"
            : path;
    }

    private static string FullPath(string path, SessionState session) => session.Path.GetUnresolvedProviderPathFromPSPath(path, out _, out _);
}
