using System.Management.Automation.Language;

namespace Switchyard.Choosing.Known;

/// <summary>
/// The order in which a hashtable has its keys differs from process to process, as the hash codes of texts do: whether what the code does with it depends on that.
/// </summary>
internal static class TableOrder
{
    /// <summary>Whether a command writes all of a table as a text.</summary>
    public static bool IsWritten(string command) =>
        command.StartsWith("ConvertTo-", StringComparison.OrdinalIgnoreCase) || command.StartsWith("Format-", StringComparison.OrdinalIgnoreCase)
        || command.Equals("Out-String", StringComparison.OrdinalIgnoreCase) || command.Equals("Out-File", StringComparison.OrdinalIgnoreCase)
        || command.StartsWith("Export-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether all keys, values or entries of a table are used so that their order matters: they are neither sorted nor counted.</summary>
    public static bool Matters(Ast all)
    {
        for (Ast ast = all; ast.Parent is { } parent; ast = parent)
        {
            switch (parent)
            {
                case MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } member when member.Expression == ast:
                    return name.ToUpperInvariant() is not ("COUNT" or "LENGTH" or "CONTAINS");
                case BinaryExpressionAst { Operator: TokenKind.Iin or TokenKind.Cin or TokenKind.Inotin or TokenKind.Cnotin or TokenKind.Icontains or TokenKind.Ccontains or TokenKind.Inotcontains or TokenKind.Cnotcontains }:
                    return false;
                case PipelineAst pipeline when pipeline.PipelineElements.SkipWhile(element => element != ast).Skip(1).OfType<CommandAst>().Any(Orders):
                    return false;
                case ParenExpressionAst or ArrayExpressionAst or SubExpressionAst or CommandExpressionAst or PipelineAst or StatementBlockAst { Statements.Count: 1, Parent: ArrayExpressionAst or SubExpressionAst }:
                    break;
                default:
                    return true;
            }
        }

        return true;
    }

    // By something that no two entries have alike.
    private static bool Orders(CommandAst command) => command.GetCommandName()?.ToUpperInvariant() switch
    {
        "MEASURE-OBJECT" or "MEASURE" => true,
        "SORT-OBJECT" or "SORT" => command.CommandElements.Skip(1).All(element => element is CommandParameterAst or StringConstantExpressionAst { Value: "Name" or "Key" or "name" or "key" }),
        _ => false,
    };
}
