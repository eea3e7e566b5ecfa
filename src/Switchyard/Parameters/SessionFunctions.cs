using Switchyard.Errors;
using Switchyard.Runspaces;

namespace Switchyard.Parameters;

/// <summary>Looks the functions up that -FunctionName names.</summary>
internal static class SessionFunctions
{
    /// <summary>Takes the functions from the caller's session.</summary>
    /// <param name="names">Their names, or null.</param>
    /// <exception cref="BatchException">There is no such function.</exception>
    public static IReadOnlyDictionary<string, ScriptBlock> Find(string[]? names, SessionState session)
    {
        Dictionary<string, ScriptBlock> functions = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names ?? [])
        {
            // Also finds filters, which are functions to everybody but their author.
            if (session.InvokeCommand.GetCommand(name, CommandTypes.Function | CommandTypes.Filter) is not FunctionInfo function)
            {
                throw SessionErrors.FunctionNotFound(name);
            }

            functions[function.Name] = SharedBody.Unbind(function.ScriptBlock);
        }

        return functions;
    }
}
