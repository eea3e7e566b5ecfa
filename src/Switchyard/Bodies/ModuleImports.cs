using System.Management.Automation.Language;

namespace Switchyard.Bodies;

/// <summary>Finds out whether code imports modules by itself.</summary>
internal static class ModuleImports
{
    /// <summary>Looks for an import by name or a <c>using module</c>.</summary>
    /// <param name="code">The code.</param>
    /// <returns>True if there is one.</returns>
    public static bool AreIn(Ast code) => code.Find(IsImport, searchNestedScriptBlocks: true) is not null;

    private static bool IsImport(Ast ast) => ast switch
    {
        UsingStatementAst statement => statement.UsingStatementKind == UsingStatementKind.Module,
        CommandAst command => command.GetCommandName() is { } name
            && (name.EndsWith("Import-Module", StringComparison.OrdinalIgnoreCase)
                || name.Equals("ipmo", StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
