using System.Collections.ObjectModel;
using System.Management.Automation.Language;
using Switchyard.Engine;
using Switchyard.Errors;

namespace Switchyard.Parameters;

/// <summary>Resolves what -ModuleName names while the caller's location and imported modules still say what is meant.</summary>
internal static class SessionModules
{
    /// <summary>The environment variable that names the folders of modules.</summary>
    public const string ModulePath = "PSModulePath";

    /// <summary>Resolves names and paths.</summary>
    /// <param name="names">Names or paths, or null.</param>
    /// <exception cref="BatchException">There is no such module.</exception>
    public static IReadOnlyList<string> Resolve(string[]? names, SessionState session) =>
        [.. (names ?? []).Select(name => IsPath(name) ? ResolvePath(name, session, SessionErrors.ModuleNotFound) : ResolveName(name))];

    /// <summary>
    /// This module's own path, for a body that calls its commands by their full names. By their bare names every worker knows them.
    /// </summary>
    /// <returns>The path, or nothing if no block asks for it.</returns>
    public static IEnumerable<string> OwnIfNamed(IEnumerable<ScriptBlock> blocks)
    {
        string manifest = Path.Combine(ModuleFolders.Own, "Switchyard.psd1");
        bool isNamed = blocks.Any(block => block.Ast.Find(IsOwnFullName, searchNestedScriptBlocks: true) is not null);
        return isNamed && File.Exists(manifest) ? [manifest] : [];
    }

    /// <summary>The folders of modules.</summary>
    public static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable(ModulePath) ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsOwnFullName(Ast ast) =>
        ast is CommandAst command && command.GetCommandName()?.StartsWith(@"Switchyard\", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether it is no name by which a module is looked for.</summary>
    public static bool IsPath(string name) =>
        name.AsSpan().IndexOfAny('/', '\\', ':') >= 0 || name is "." or ".." || HasModuleExtension(name);

    private static bool HasModuleExtension(string name) =>
        name.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="BatchException">There is none.</exception>
    public static string ResolvePath(string path, SessionState session, Func<string, BatchException> notFound)
    {
        string resolved;
        try
        {
            resolved = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
            {
                throw SessionErrors.ModulePathNotFileSystem(path, provider.Name);
            }
        }
        catch (SessionStateException)
        {
            throw notFound(path);
        }

        return File.Exists(resolved) || Directory.Exists(resolved) ? resolved : throw notFound(path);
    }

    private static string ResolveName(string name)
    {
        // One that was imported by path is known by its name to the caller only.
        using PowerShell loaded = PowerShell.Create(RunspaceMode.CurrentRunspace).AddCommand(@"Microsoft.PowerShell.Core\Get-Module").AddParameter("Name", name);
        Collection<PSModuleInfo> modules = loaded.Invoke<PSModuleInfo>();
        if (modules.Count > 0 && ModuleFile.Find(modules[0]) is { } file)
        {
            return file;
        }

        return Folders().Any(folder => Directory.Exists(Path.Combine(folder, name))) ? name : throw SessionErrors.ModuleNotFound(name);
    }
}
