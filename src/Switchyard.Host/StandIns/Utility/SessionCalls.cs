using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Variables and aliases by scope, which the public session state does not offer.</summary>
internal static class SessionCalls
{
    private static readonly Type Internal = typeof(PSObject).Assembly.GetType("System.Management.Automation.SessionStateInternal", throwOnError: true)!;
    private static readonly HiddenMethod GetInternal = new(typeof(SessionState), "get_Internal");
    private static readonly HiddenMethod AllVariables = new(Internal, "GetVariableTable");
    private static readonly HiddenMethod VariablesAtScope = new(Internal, "GetVariableTableAtScope", typeof(string));
    private static readonly HiddenMethod SetVariable = new(Internal, "SetVariable", typeof(PSVariable), typeof(bool), typeof(CommandOrigin));
    private static readonly HiddenMethod SetVariableAtScope =
        new(Internal, "SetVariableAtScope", typeof(PSVariable), typeof(string), typeof(bool), typeof(CommandOrigin));

    private static readonly HiddenMethod NewVariable = new(Internal, "NewVariable", typeof(PSVariable), typeof(bool));
    private static readonly HiddenMethod NewVariableAtScope = new(Internal, "NewVariableAtScope", typeof(PSVariable), typeof(string), typeof(bool));
    private static readonly HiddenMethod RemoveVariable = new(Internal, "RemoveVariable", typeof(PSVariable), typeof(bool));
    private static readonly HiddenMethod RemoveVariableAtScope = new(Internal, "RemoveVariableAtScope", typeof(PSVariable), typeof(string), typeof(bool));
    private static readonly HiddenMethod AllAliases = new(Internal, "GetAliasTable");
    private static readonly HiddenMethod AliasesAtScope = new(Internal, "GetAliasTableAtScope", typeof(string));
    private static readonly HiddenMethod SetAlias = new(Internal, "SetAliasItem", typeof(AliasInfo), typeof(bool), typeof(CommandOrigin));
    private static readonly HiddenMethod SetAliasAtScope =
        new(Internal, "SetAliasItemAtScope", typeof(AliasInfo), typeof(string), typeof(bool), typeof(CommandOrigin));

    private static readonly HiddenMethod RemoveAliasMethod = new(Internal, "RemoveAlias", typeof(string), typeof(bool));

    /// <summary>The variables of a scope, or all that can be seen.</summary>
    public static IReadOnlyCollection<PSVariable> Variables(this SessionState session, string? scope)
        => [.. ((IDictionary<string, PSVariable>)(scope is null
            ? AllVariables.Invoke(Inner(session))
            : VariablesAtScope.Invoke(Inner(session), scope))!).Values];

    /// <summary>Sets a variable, in a scope or where it is.</summary>
    public static PSVariable Set(this SessionState session, PSVariable variable, string? scope, bool force, CommandOrigin origin)
        => (PSVariable)(scope is null
            ? SetVariable.Invoke(Inner(session), variable, force, origin)
            : SetVariableAtScope.Invoke(Inner(session), variable, scope, force, origin))!;

    /// <summary>Makes a new variable.</summary>
    public static PSVariable New(this SessionState session, PSVariable variable, string? scope, bool force)
        => (PSVariable)(scope is null
            ? NewVariable.Invoke(Inner(session), variable, force)
            : NewVariableAtScope.Invoke(Inner(session), variable, scope, force))!;

    /// <summary>Removes a variable.</summary>
    public static void Remove(this SessionState session, PSVariable variable, string? scope, bool force)
    {
        if (scope is null)
        {
            RemoveVariable.Invoke(Inner(session), variable, force);
        }
        else
        {
            RemoveVariableAtScope.Invoke(Inner(session), variable, scope, force);
        }
    }

    /// <summary>The aliases of a scope, or all that can be seen.</summary>
    public static IReadOnlyCollection<AliasInfo> Aliases(this SessionState session, string? scope)
        => [.. ((IDictionary<string, AliasInfo>)(scope is null
            ? AllAliases.Invoke(Inner(session))
            : AliasesAtScope.Invoke(Inner(session), scope))!).Values];

    /// <summary>Sets an alias, in a scope or here.</summary>
    public static AliasInfo Set(this SessionState session, AliasInfo alias, string? scope, bool force, CommandOrigin origin)
        => (AliasInfo)(scope is null
            ? SetAlias.Invoke(Inner(session), alias, force, origin)
            : SetAliasAtScope.Invoke(Inner(session), alias, scope, force, origin))!;

    /// <summary>Removes an alias.</summary>
    public static void RemoveAlias(this SessionState session, string name, bool force)
        => RemoveAliasMethod.Invoke(Inner(session), name, force);

    private static object Inner(SessionState session) => GetInternal.Invoke(session)!;
}
