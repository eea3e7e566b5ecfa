using System.Reflection;
using Switchyard.Core.Processes;
using Switchyard.Errors;

namespace Switchyard.Executables;

/// <summary>Finds what the caller's session knows by a path or a name: programs, scripts, folders.</summary>
internal sealed class ExecutableFinder(SessionState session)
{
    private const string PowerShell = "pwsh";
    private const string Runtime = "dotnet";
    /// <summary>Finds a program or script as PowerShell would, but on the PATH that the program will have.</summary>
    /// <param name="changes">What is changed of the environment for it.</param>
    /// <param name="folder">The folder that it will start in, which relative places on a changed PATH count from.</param>
    /// <exception cref="BatchException">There is none, or it cannot be run.</exception>
    public string Find(string name, IReadOnlyList<KeyValuePair<string, string?>> changes, string? folder)
    {
        StringComparison comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        string? searchPath = Environment.GetEnvironmentVariable(ProgramSearch.Variable);
        bool isChanged = false;
        foreach ((string variable, string? value) in changes.Where(change => change.Key.Equals(ProgramSearch.Variable, comparison)))
        {
            (searchPath, isChanged) = (value, true);
        }

        string path = isChanged && !IsPath(name) ? FindOn(searchPath, name, changes, folder ?? "/") : Find(name);
        return !OperatingSystem.IsWindows() && !IsScript(path) && new ProgramFile(path, folder).FindFault(searchPath) is { } fault
            ? throw ExecutableErrors.ScriptNotRunnable(path, fault)
            : path;
    }

    /// <summary>Finds a program or script as PowerShell would.</summary>
    /// <param name="notFound">Makes the error for one that is not there; null for the usual.</param>
    /// <exception cref="BatchException">There is none, or it cannot be run.</exception>
    public string Find(string name, Func<string, BatchException>? notFound = null)
    {
        // Before PowerShell's own search, which takes brackets in a path for wildcards.
        string? path = IsPath(name) ? TryResolve(name) : null;
        if (path is null || !File.Exists(path))
        {
            if (Directory.Exists(path))
            {
                throw ExecutableErrors.ExecutableIsFolder(path);
            }

            CommandInfo? command = session.InvokeCommand.GetCommand(name, CommandTypes.Application | CommandTypes.ExternalScript);
            path = command?.Definition ?? throw (notFound ?? ExecutableErrors.ExecutableNotFound)(name);
        }

        return IsScript(path) || ProgramSearch.IsMarked(path) ? path : throw ExecutableErrors.FileNotExecutable(path);
    }

    public static bool IsScript(string path) => path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the PowerShell that was asked for.</summary>
    /// <param name="path">A name on PATH, or a path: of a program, or of the assembly that a .NET tool consists of.</param>
    /// <exception cref="BatchException">There is none, or it cannot be run.</exception>
    public string FindPowerShell(string path, out string[] before)
    {
        before = [];
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && TryResolve(path) is { } assembly && File.Exists(assembly))
        {
            before = [assembly];
            return Environment.ProcessPath is { } own && NameOf(own) == Runtime ? own : Find(Runtime);
        }

        return Find(path, ProcessErrors.PowerShellPathNotFound);
    }

    /// <summary>Finds what runs PowerShell code in processes of their own: the PowerShell that this is, else the one on PATH.</summary>
    /// <param name="script">The script that is to be run; null if it is no script.</param>
    /// <exception cref="BatchException">There is none.</exception>
    public string FindOwnPowerShell(out string[] before, string? script = null)
    {
        return TryFindOwnPowerShell(out before)
            ?? session.InvokeCommand.GetCommand(PowerShell, CommandTypes.Application)?.Definition
            ?? throw (script is null ? ProcessErrors.PowerShellForWorkersNotFound() : ExecutableErrors.PowerShellNotFound(script));
    }

    /// <summary>Finds the PowerShell that this is; null if it is something else that hosts the engine, which need not understand a command line as that does.</summary>
    public static string? TryFindOwnPowerShell(out string[] before)
    {
        before = [];
        string? own = Environment.ProcessPath;
        if (NameOf(own) == PowerShell)
        {
            return own!;
        }

        string? entry = Assembly.GetEntryAssembly()?.Location;
        if (NameOf(own) == Runtime && NameOf(entry) == PowerShell)
        {
            // A .NET tool has no program of its own.
            before = [entry!];
            return own!;
        }

        return null;
    }

    private static string? NameOf(string? path) => Path.GetExtension(path) is ".exe" or ".dll" ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);

    /// <summary>Finds a folder for children to start in.</summary>
    /// <param name="path">The path; null for where the caller is.</param>
    /// <returns>The folder; null if the caller is in one that was removed, where a child can be, too.</returns>
    /// <exception cref="BatchException">There is none.</exception>
    public string? FindFolder(string? path)
    {
        string? full = path is null ? session.Path.CurrentFileSystemLocation.ProviderPath : TryResolve(path);
        return Directory.Exists(full) ? full : path is null ? null : throw ExecutableErrors.FolderNotFound(path);
    }

    /// <summary>Says where a folder is that need not be there yet.</summary>
    /// <exception cref="BatchException">It is not in the file system.</exception>
    public string Resolve(string path) => TryResolve(path) ?? throw ExecutableErrors.FolderNotFound(path);

    /// <summary>Finds a program or script by its name on a PATH.</summary>
    /// <exception cref="BatchException">There is none.</exception>
    public static string FindOn(string? searchPath, string name, IReadOnlyList<KeyValuePair<string, string?>> changes, string folder)
    {
        const string Variable = "PATHEXT";
        string? known = OperatingSystem.IsWindows()
            ? changes.LastOrDefault(change => change.Key.Equals(Variable, StringComparison.OrdinalIgnoreCase)).Value ?? Environment.GetEnvironmentVariable(Variable)
            : null;
        string[] extensions = [.. known?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [], ".ps1"];
        return ProgramSearch.Find(name, searchPath, folder, extensions) ?? throw ExecutableErrors.ExecutableNotFound(name);
    }

    public static bool IsPath(string name) =>
        name.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0 || name.StartsWith('~');

    private string? TryResolve(string path)
    {
        try
        {
            string full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.ImplementingType.Name == "FileSystemProvider" ? full : null;
        }
        catch (Exception exception) when (exception is RuntimeException)
        {
            // No such drive.
            return null;
        }
    }
}
