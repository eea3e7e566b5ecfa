using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters.Affinity;

/// <summary>Finds what code uses of the session that made it and would miss in a worker's: it would go on with nothing, and give a wrong value.</summary>
internal sealed class SessionNeeds(SessionSettings settings)
{
    private readonly Lazy<HashSet<string>> _builtIn = new(() =>
        [.. InitialSessionState.CreateDefault2().Variables.Select(variable => variable.Name.ToUpperInvariant())]);

    /// <summary>Finds the first variable that has a value in the code's session and none in a worker's.</summary>
    /// <param name="session">The code's own.</param>
    /// <returns>Its name as the code has it; null if there is none.</returns>
    public string? FindVariable(Ast code, SessionState session) => FindVariable(code, session, _ => true);

    /// <summary>The same for code that may be called by what has its variables: only those that it asks its session for, unless the initialization script sets them.</summary>
    public string? FindScopedVariable(Ast code, SessionState session)
    {
        HashSet<string> set = new(settings.Initialization is null ? [] : Assigned(settings.Initialization.Ast).Select(name => NameOf(new VariablePath(name))), StringComparer.OrdinalIgnoreCase);
        return FindVariable(code, session, variable => !variable.IsUnqualified && !set.Contains(NameOf(variable)));
    }

    /// <summary>The same where the code's session is known: also the first function of the caller's, or of the code's own module, that it calls and no worker has.</summary>
    /// <param name="state">The session's state, as the engine keeps it; null if it is of none.</param>
    public string? Find(IEnumerable<Ast> code, object? state)
    {
        if (EngineMembers.PublicSessionState.Get(state) is not SessionState session)
        {
            return null;
        }

        IDictionary? functions = EngineMembers.FunctionTable.Info?.Invoke(state, null) as IDictionary;
        return code.Select(part => FindVariable(part, session) ?? FindFunction(part, functions, session.Module)).FirstOrDefault(need => need is not null);
    }

    private string? FindVariable(Ast code, SessionState session, Func<VariablePath, bool> counts)
    {
        HashSet<string> own = new(Assigned(code), StringComparer.OrdinalIgnoreCase);
        return code.FindAll(ast => ast is VariableExpressionAst { Parent: not UsingExpressionAst }, searchNestedScriptBlocks: true)
            .Cast<VariableExpressionAst>()
            .Where(variable => counts(variable.VariablePath) && IsOfSession(variable.VariablePath, own) && !IsGiven(NameOf(variable.VariablePath), session))
            .FirstOrDefault(variable => session.PSVariable.GetValue(variable.VariablePath.UserPath) is not null)?.ToString();
    }

    private string? FindFunction(Ast code, IDictionary? functions, PSModuleInfo? own) =>
        code.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true)
            .Select(ast => ((CommandAst)ast).GetCommandName())
            .FirstOrDefault(name => name is not null && functions?[name] is FunctionInfo function && IsMissing(function, own));

    private static string NameOf(VariablePath path) => path.UserPath[(path.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..];

    // A variable without a scope is the code's own where it sets it, and otherwise whatever its caller has.
    private static bool IsOfSession(VariablePath path, HashSet<string> own) =>
        path.IsScript || path.IsGlobal || (path.IsUnqualified && !own.Contains(path.UserPath));

    private static IEnumerable<string> Assigned(Ast code) =>
        from ast in code.FindAll(ast => ast is AssignmentStatementAst or ParameterAst or ForEachStatementAst, searchNestedScriptBlocks: true)
        from variable in ast switch
        {
            ParameterAst parameter => [parameter.Name],
            ForEachStatementAst loop => [loop.Variable],
            AssignmentStatementAst assignment => assignment.Left.FindAll(left => left is VariableExpressionAst, searchNestedScriptBlocks: false).Cast<VariableExpressionAst>(),
            _ => [],
        }
        select variable.VariablePath.UserPath;

    private bool IsGiven(string name, SessionState session) =>
        settings.Variables.ContainsKey(name)
        || (settings.Cloned is not null && session.Module is null)
        || SessionVariables.IsReserved(name)
        || settings.Preferences.ContainsKey(name)
        || name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase)
        || _builtIn.Value.Contains(name.ToUpperInvariant());

    // What another module has is found by its name, or is that module's matter.
    private bool IsMissing(FunctionInfo function, PSModuleInfo? own) =>
        !settings.Functions.ContainsKey(function.Name)
        && !CallerCommands.IsBuiltIn(function)
        && (function.Module is null
            ? settings.Cloned is null
            : ReferenceEquals(function.Module, own)
                && !(function.Module.ExportedFunctions.ContainsKey(function.Name) && (settings.Cloned is not null || settings.Modules.Count > 0)));
}
