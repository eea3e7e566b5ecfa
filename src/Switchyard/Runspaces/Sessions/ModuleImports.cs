using System.Management.Automation.Language;

namespace Switchyard.Runspaces.Sessions;

/// <summary>Imports modules, and finds out whether code does so by itself.</summary>
internal static class ModuleImports
{
    /// <summary>Looks for an import by name or a <c>using module</c>.</summary>
    public static bool AreIn(Ast code) => code.Find(IsImport, searchNestedScriptBlocks: true) is not null;

    /// <summary>Prepares an import.</summary>
    /// <returns>The pipeline, which the caller disposes. It ends with an exception if it fails.</returns>
    public static PowerShell Create(string module) =>
        // By its full name, as the session may hold a function of the caller's that has the command's name.
        PowerShell.Create().AddCommand(@"Microsoft.PowerShell.Core\Import-Module")
            .AddParameter("Name", module)
            .AddParameter("ErrorAction", ActionPreference.Stop);

    private static bool IsImport(Ast ast) => ast switch
    {
        UsingStatementAst statement => statement.UsingStatementKind == UsingStatementKind.Module,
        CommandAst command => command.GetCommandName() is { } name
            && (name.EndsWith("Import-Module", StringComparison.OrdinalIgnoreCase)
                || name.Equals("ipmo", StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
