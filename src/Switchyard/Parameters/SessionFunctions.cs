using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>The functions that -FunctionName names, and those that they call.</summary>
/// <param name="modules">Names and paths of the modules that each worker imports.</param>
internal sealed class SessionFunctions(SessionState session, IReadOnlyList<string> modules)
{
    private const string ListCommands = @"Microsoft.PowerShell.Management\Get-ChildItem function:, alias:";

    private readonly Dictionary<string, Dictionary<string, CommandInfo>> _commands = [];
    private readonly Dictionary<string, ScriptBlock> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, string> _missing = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, string> _missingVariables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<FunctionInfo> _unread = new();

    /// <summary>Takes the functions from the caller's session.</summary>
    /// <param name="names">Their names or patterns, or null.</param>
    /// <param name="given">Those that are given as values, by the names that they are to have. What they need is looked for with all other values.</param>
    /// <param name="needs">Finds the variable of its own session that code asks for by <c>$script:</c> or <c>$global:</c>, and workers will not have.</param>
    /// <param name="warn">Takes the one warning about what they call and workers will not have, and the one about what they read.</param>
    /// <exception cref="BatchException">There is no such function.</exception>
    public IReadOnlyDictionary<string, ScriptBlock> Find(
        string[]? names, IReadOnlyDictionary<string, FunctionInfo> given, Func<Ast, SessionState, string?> needs, Action<string> warn)
    {
        foreach (string name in names ?? [])
        {
            foreach (FunctionInfo function in Named(name))
            {
                Take(function.Name, function);
            }
        }

        Read(needs);
        foreach ((string name, FunctionInfo function) in given)
        {
            Take(name, function);
        }

        return FindCalled(warn);
    }

    /// <summary>Takes the functions from the caller's session that a script block calls.</summary>
    /// <param name="warn">Takes the one warning about what it calls and workers will not have.</param>
    public IReadOnlyDictionary<string, ScriptBlock> FindCalled(ScriptBlock block, Action<string> warn)
    {
        TakeCalled(block, block.Module);
        return FindCalled(warn);
    }

    private Dictionary<string, ScriptBlock> FindCalled(Action<string> warn)
    {
        Read((_, _) => null);
        if (_missing.Count > 0)
        {
            warn(SessionErrors.CalledFunctionsMissing(_missing));
        }

        if (_missingVariables.Count > 0)
        {
            warn(SessionErrors.FunctionVariablesMissing(_missingVariables));
        }

        return _functions;
    }

    private void Read(Func<Ast, SessionState, string?> needs)
    {
        while (_unread.TryDequeue(out FunctionInfo? function))
        {
            TakeCalled(function.ScriptBlock, function.Module);
            if (needs(function.ScriptBlock.Ast, function.Module?.SessionState ?? session) is { } variable)
            {
                _missingVariables[variable] = function.Name;
            }
        }
    }

    private FunctionInfo[] Named(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            FunctionInfo[] matching = [.. CallerCommands.OwnFunctions(Runspace.DefaultRunspace, session.Module).Where(function => pattern.IsMatch(function.Name))];
            if (matching.Length > 0)
            {
                return matching;
            }
        }

        // Also finds filters, which are called as functions are.
        return session.InvokeCommand.GetCommand(name, CommandTypes.Function | CommandTypes.Filter) is FunctionInfo one
            ? [one]
            : throw SessionErrors.FunctionNotFound(name);
    }

    private void Take(string name, FunctionInfo function)
    {
        if (_functions.TryAdd(name, SharedBody.Unbind(function.ScriptBlock)))
        {
            _unread.Enqueue(function);
        }
    }

    // Commands whose names are made while it runs cannot be seen.
    private void TakeCalled(ScriptBlock caller, PSModuleInfo? module)
    {
        Dictionary<string, CommandInfo> known = CommandsOf(module);
        foreach (CommandAst call in caller.Ast.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            if (call.GetCommandName() is not { } name || _functions.ContainsKey(name))
            {
                continue;
            }

            CommandInfo? command = known.GetValueOrDefault(name);
            if ((command is AliasInfo alias ? known.GetValueOrDefault(alias.Definition) : command) is not FunctionInfo called || CallerCommands.IsBuiltIn(called))
            {
                continue;
            }

            if (called.Module is null || ReferenceEquals(called.Module, module))
            {
                Take(called.Name, called);
                Take(name, called);
            }
            else if (!IsKnownToWorkers(called.Module))
            {
                _missing[name] = called.Module.Name;
            }
        }
    }

    // Not by GetCommand, which looks through all installed modules for a name that it does not know.
    private Dictionary<string, CommandInfo> CommandsOf(PSModuleInfo? module)
    {
        if (_commands.TryGetValue(module?.Path ?? string.Empty, out Dictionary<string, CommandInfo>? commands))
        {
            return commands;
        }

        Runspace runspace = Runspace.DefaultRunspace;
        IEnumerable<CommandInfo> all = module?.SessionState is null
            ? [.. SessionTables.Functions(runspace), .. SessionTables.Aliases(runspace)]
            : (LanguagePrimitives.GetEnumerable(module.Invoke(ScriptBlock.Create(ListCommands))) ?? Array.Empty<object>()).Cast<object>().Select(PSObjects.Unwrap).OfType<CommandInfo>();
        commands = new Dictionary<string, CommandInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (CommandInfo command in all)
        {
            // An alias hides a function of its name.
            commands[command.Name] = command;
        }

        return _commands[module?.Path ?? string.Empty] = commands;
    }

    private bool IsKnownToWorkers(PSModuleInfo module) =>
        SessionTables.IsOfEngine(module)
        || ModuleFolders.IsOwn(module.ModuleBase)
        || (ModuleFile.Find(module) is { } file && modules.Any(path => ModuleFolders.AreSame(path, file)))
        || modules.Contains(module.Name, StringComparer.OrdinalIgnoreCase)
        || (Environment.GetEnvironmentVariable("PSModulePath") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => ModuleFolders.IsWithin(module.ModuleBase, folder));
}
