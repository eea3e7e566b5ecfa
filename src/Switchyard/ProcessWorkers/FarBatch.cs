using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.ProcessWorkers.Hosts;

namespace Switchyard.ProcessWorkers;

/// <summary>A batch from another machine, in terms of this one.</summary>
internal static class FarBatch
{
    // Where the worker was started: the user's home by SSH, a container's own folder.
    private static readonly string _startFolder = Environment.CurrentDirectory;

    /// <summary>Finds its folder, and this module where its code names it.</summary>
    /// <exception cref="BatchException">The folder is not there.</exception>
    /// <param name="modules">The folders of the modules that were sent for it.</param>
    public static ProcessBatch Settle(ProcessBatch batch, IReadOnlyList<string> modules)
    {
        string folder = FindFolder(batch.CurrentDirectory);
        return batch with
        {
            CurrentDirectory = folder,
            Settings = batch.Settings with
            {
                Location = folder,
                ProviderLocation = folder,
                Modules = [.. SessionModules.OwnIfNamed([batch.Body, .. batch.Settings.Initialization is { } first ? [first] : Array.Empty<ScriptBlock>()]), .. batch.Settings.Modules.Select(module => FarModules.Find(module, modules))],
                Cloned = batch.Settings.Cloned is { } cloned
                    ? cloned with { Modules = [.. cloned.Modules.Select(module => module with { Path = FarModules.Find(module.Path, modules) })] }
                    : null,
            },
        };
    }

    private static string FindFolder(string? wanted)
    {
        if (wanted is null)
        {
            return _startFolder;
        }

        string path = wanted is "~" || wanted.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + wanted[1..]
            : Path.Combine(_startFolder, wanted);
        return Directory.Exists(path) ? Path.GetFullPath(path) : throw ProcessErrors.FarFolderNotFound(wanted, Environment.MachineName);
    }
}
