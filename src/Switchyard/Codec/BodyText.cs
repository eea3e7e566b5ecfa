using System.Management.Automation.Language;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// A script block on its way to another process: its text, where it stands in its file, and the <c>using</c> statements that hold there.
/// Everything else of the file becomes white space of the same shape, so that errors have the position that they would have here.
/// </summary>
internal static class BodyText
{
    /// <summary>Writes a block.</summary>
    /// <param name="block">The block; null if there is none.</param>
    /// <param name="place">Says what a <c>using module</c> statement is where it is read; null if it is the same.</param>
    public static void Write(WireWriter writer, ScriptBlock? block, Func<UsingStatementAst, string?>? place = null)
    {
        writer.WriteBoolean(block is not null);
        if (block is null)
        {
            return;
        }

        Ast ast = block.Ast;
        Ast root = ast;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        writer.WriteString(ast.Extent.File);
        writer.WriteBoolean(ast is FunctionDefinitionAst);
        IEnumerable<UsingStatementAst> statements = (root as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>();
        if (ast == root)
        {
            StringBuilder whole = new(ast.Extent.Text);
            foreach (UsingStatementAst statement in statements.Reverse())
            {
                IScriptExtent extent = statement.Extent;
                whole.Remove(extent.StartOffset, extent.Text.Length).Insert(extent.StartOffset, TextOf(statement));
            }

            writer.WriteString(whole.ToString());
            return;
        }

        // Only where what stands before it could be seen in its lines and columns.
        StringBuilder text = new();
        int line = 1;
        int column = 1;
        foreach (UsingStatementAst statement in statements)
        {
            Append(text, statement.Extent, TextOf(statement), ref line, ref column);
            text.Append(';');
            column++;
        }

        int start = Append(text, ast.Extent, ast.Extent.Text, ref line, ref column);
        if (ast is ScriptBlockAst)
        {
            // Without its braces it is a script of its own, as it has to be for classes in it to be defined.
            text[start] = ' ';
            text[^1] = ' ';
        }

        writer.WriteString(text.ToString());

        string TextOf(UsingStatementAst statement) => place?.Invoke(statement) ?? statement.Extent.Text;
    }

    /// <summary>Reads a block, which is of no session.</summary>
    /// <returns>The block; null if there is none.</returns>
    public static ScriptBlock? Read(WireReader reader)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        string? file = reader.ReadString();
        bool isFunction = reader.ReadBoolean();
        string text = reader.ReadText();
        ScriptBlockAst root = Parser.ParseInput(text, file, out _, out ParseError[] errors);
        if (errors.Length > 0)
        {
            throw new ParseException(errors);
        }

        // A function is the one statement, after all that is using.
        return root is { ParamBlock: null, EndBlock.Statements: [FunctionDefinitionAst { } function] } && isFunction
            ? EngineBlocks.FromFunction(function) ?? function.Body.GetScriptBlock()
            : root.GetScriptBlock();
    }

    private static int Append(StringBuilder text, IScriptExtent extent, string content, ref int line, ref int column)
    {
        if (extent.StartLineNumber > line)
        {
            text.Append('\n', extent.StartLineNumber - line);
            column = 1;
        }

        text.Append(' ', Math.Max(0, extent.StartColumnNumber - column));
        int start = text.Length;
        text.Append(content);
        line = extent.EndLineNumber;
        column = extent.EndColumnNumber;
        return start;
    }
}
