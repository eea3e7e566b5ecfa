using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Knows the commands whose blocks have a <c>$using:</c> of their own.</summary>
internal static class NestedCalls
{
    private static readonly HashSet<string> _always = new(StringComparer.OrdinalIgnoreCase)
    {
        "Invoke-ThreadedBatch", "Invoke-ProcessBatch", "Measure-Bottleneck",
        "Invoke-Command", "icm", "Start-Job", "sajb", "Start-ThreadJob",
    };

    private static readonly HashSet<string> _whenParallel = new(StringComparer.OrdinalIgnoreCase) { "ForEach-Object", "foreach", "%" };

    /// <summary>Whether an expression belongs to a nested call's block rather than to the body.</summary>
    /// <returns>True if it stands in a block that is an argument of such a call.</returns>
    public static bool Own(Ast expression, Ast body)
    {
        for (Ast ast = expression; ast != body && ast.Parent is not null; ast = ast.Parent)
        {
            // The call's other arguments are evaluated by the body itself.
            if (ast is ScriptBlockExpressionAst && EnclosingCommand(ast) is { } command && HasOwnUsing(command))
            {
                return true;
            }
        }

        return false;
    }

    private static CommandAst? EnclosingCommand(Ast block) => block.Parent switch
    {
        CommandAst command => command,
        CommandParameterAst { Parent: CommandAst command } => command,
        _ => null,
    };

    private static bool HasOwnUsing(CommandAst command)
    {
        string? name = command.GetCommandName();
        if (name is null)
        {
            return false;
        }

        string bareName = name[(name.LastIndexOf('\\') + 1)..];
        return _always.Contains(bareName)
            || (_whenParallel.Contains(bareName) && StaticParameterBinder.BindCommand(command).BoundParameters.ContainsKey("Parallel"));
    }
}
