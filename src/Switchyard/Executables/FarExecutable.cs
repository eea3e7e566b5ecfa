using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Core.RemoteExecutables;
using Switchyard.Errors;

namespace Switchyard.Executables;

/// <summary>Finds what a batch of another machine's caller names on this one: its program, its folder, its environment.</summary>
internal static class FarExecutable
{
    /// <param name="before">What stands before its arguments.</param>
    /// <exception cref="BatchException">Something is not there, or cannot be run.</exception>
    public static ExecutableOptions Find(ExecutableBatch batch, out string[] before)
    {
        before = [];
        string current = Environment.CurrentDirectory;
        string folder = batch.WorkingDirectory is { } wanted ? Resolve(wanted, current) : current;
        if (!Directory.Exists(folder))
        {
            throw ProcessErrors.FarFolderNotFound(folder, Environment.MachineName);
        }

        ChildEnvironment environment = BatchEnvironment.Create(batch.EnvironmentChanges, batch.AtOnce);
        string? searchPath = environment.Variables.GetValueOrDefault(ProgramSearch.Variable);
        string path = FindProgram(batch, searchPath, folder);
        if (ExecutableFinder.IsScript(path))
        {
            string script = path;
            path = ExecutableFinder.TryFindOwnPowerShell(out string[] first) ?? throw ExecutableErrors.PowerShellNotFound(script);
            before = [.. first, "-NoProfile", "-NonInteractive", "-File", script];
        }

        return new ExecutableOptions
        {
            FileName = path,
            Environment = environment,
            WorkingDirectory = folder,
            InputMode = batch.InputMode,
            Encoding = batch.CodePage == 0 ? ProgramEncoding.Default : ProgramEncoding.OfCodePage(batch.CodePage),
            AsBytes = batch.AsBytes,
            Grace = batch.Grace,
            StopGrace = batch.StopGrace,
        };
    }

    private static string FindProgram(ExecutableBatch batch, string? searchPath, string folder)
    {
        string name = batch.FilePath;
        if (!ExecutableFinder.IsPath(name))
        {
            return Checked(ExecutableFinder.FindOn(searchPath, name, batch.EnvironmentChanges, folder));
        }

        string path = Resolve(name, folder);
        if (Directory.Exists(path))
        {
            throw ExecutableErrors.ExecutableIsFolder(path);
        }

        return File.Exists(path) ? Checked(path) : throw ExecutableErrors.ExecutableNotFound(name);

        string Checked(string found) =>
            ExecutableFinder.IsScript(found) ? found
            : !ProgramSearch.IsMarked(found) ? throw ExecutableErrors.FileNotExecutable(found)
            : !OperatingSystem.IsWindows() && new ProgramFile(found, folder).FindFault(searchPath) is { } fault ? throw ExecutableErrors.ScriptNotRunnable(found, fault)
            : found;
    }

    // What the caller's shell leaves to PowerShell: the home folder that is meant is this machine's.
    private static string Resolve(string path, string folder) =>
        Path.GetFullPath(path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path, folder);
}
