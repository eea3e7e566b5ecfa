using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What the commands on processes share: finding them by name, number or object.</summary>
public abstract class ProcessCommandBase : PSCmdlet
{
    /// <summary>The processes that are meant; each that is not there is an error record.</summary>
    private protected List<Process> Find(string[]? names, int[]? ids, Process[]? processes)
    {
        if (processes is not null)
        {
            return [.. processes];
        }

        return ids is not null ? FindByIds(ids) : FindByNames(names ?? ["*"]);
    }

    private List<Process> FindByIds(int[] ids)
    {
        var found = new List<Process>();
        foreach (int id in ids)
        {
            try
            {
                found.Add(Process.GetProcessById(id));
            }
            catch (ArgumentException)
            {
                WriteNotFound("NoProcessFoundForGivenId", $"Cannot find a process with the process identifier {id}.", id.ToString(CultureInfo.InvariantCulture), id);
            }
        }

        return found;
    }

    private List<Process> FindByNames(string[] names)
    {
        Process[] all = Process.GetProcesses();
        var found = new List<Process>();
        foreach (string name in names)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            Process[] matches = [.. all.Where(process => pattern.IsMatch(process.ProcessName))];
            found.AddRange(matches);
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteNotFound(
                    "NoProcessFoundForGivenName",
                    $"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.",
                    name,
                    0);
            }
        }

        return [.. found.DistinctBy(process => process.Id).OrderBy(process => process.ProcessName, StringComparer.OrdinalIgnoreCase).ThenBy(process => process.Id)];
    }

    private void WriteNotFound(string errorId, string message, string name, int id)
    {
        var error = new ProcessCommandException(message) { ProcessName = name };
        WriteError(new ErrorRecord(error, errorId, ErrorCategory.ObjectNotFound, id == 0 ? name : id));
    }
}
