using System.Management.Automation.Language;
using Switchyard.Errors;

namespace Switchyard.Parameters;

/// <summary>
/// Finds the <c>$using:</c> expressions of a batch's blocks and evaluates them in the caller's scope. Those of a nested batch,
/// job or remote call belong to that call's own block, and are left to it.
/// </summary>
internal static class UsingValues
{
    private const string ValueKey = "value";

    /// <summary>Evaluates all of them.</summary>
    /// <returns>The values, by the keys under which the engine looks them up; null if there are none.</returns>
    /// <exception cref="BatchException">A variable is not defined, or its value is a script block.</exception>
    public static Hashtable? Collect(IEnumerable<ScriptBlock> blocks, SessionState session)
    {
        Hashtable? values = null;
        foreach (ScriptBlock block in blocks)
        {
            foreach (UsingExpressionAst expression in Find(block.Ast))
            {
                string key = KeyOf(expression);
                if (values?.ContainsKey(key) == true || IsOptional(expression, block.Ast, session))
                {
                    continue;
                }

                object? value = Evaluate(expression, session);
                if (PSObjects.IsScriptBlock(value))
                {
                    throw SessionErrors.ScriptBlockNotAllowed(expression.Extent.Text, value);
                }

                (values ??= new Hashtable(StringComparer.Ordinal))[key] = value;
            }
        }

        return values;
    }

    internal static IEnumerable<UsingExpressionAst> Find(Ast body) =>
        body.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true)
            .Cast<UsingExpressionAst>()
            .Where(expression => !NestedCalls.Own(expression, body));

    private static object? Evaluate(UsingExpressionAst expression, SessionState session)
    {
        foreach (VariableExpressionAst variable in Variables(expression))
        {
            if (!variable.VariablePath.IsDriveQualified && session.PSVariable.Get(variable.VariablePath.UserPath) is null)
            {
                throw SessionErrors.UsingVariableUndefined(variable.VariablePath.UserPath, expression);
            }
        }

        return expression.SubExpression is VariableExpressionAst simple
            ? session.PSVariable.GetValue(simple.VariablePath.UserPath)
            : EvaluateByEngine(expression.SubExpression, session);
    }

    /// <summary>
    /// Lets the engine evaluate members and indexes, in the caller's scope and language mode. The block is made of the parsed
    /// expression, never of text.
    /// </summary>
    private static object? EvaluateByEngine(ExpressionAst expression, SessionState session)
    {
        IScriptExtent extent = expression.Extent;

        // As the value of a hashtable, as an array or list by itself would be taken apart on its way here.
        ExpressionAst key = new StringConstantExpressionAst(extent, ValueKey, StringConstantType.BareWord);
        StatementAst value = new PipelineAst(extent, new CommandExpressionAst(extent, (ExpressionAst)expression.Copy(), null));
        HashtableAst wrapped = new(extent, [Tuple.Create(key, value)]);
        StatementBlockAst statements = new(extent, [new PipelineAst(extent, new CommandExpressionAst(extent, wrapped, null))], null);
        ScriptBlock block = new ScriptBlockAst(extent, null, statements, isFilter: false).GetScriptBlock();
        return ((Hashtable)session.InvokeCommand.InvokeScript(useLocalScope: false, block, null, null)[0].BaseObject)[ValueKey];
    }

    // A block that is only stored may be meant for a nested call: the engine reports an error when it runs in the wrong place.
    private static bool IsOptional(UsingExpressionAst expression, Ast body, SessionState session)
    {
        bool isStored = false;
        for (Ast ast = expression; ast != body && !isStored; ast = ast.Parent)
        {
            isStored = ast is ScriptBlockExpressionAst { Parent: CommandExpressionAst { Parent: AssignmentStatementAst } };
        }

        return isStored && Variables(expression).Any(variable => session.PSVariable.Get(variable.VariablePath.UserPath) is null);
    }

    private static IEnumerable<VariableExpressionAst> Variables(UsingExpressionAst expression) =>
        expression.SubExpression.FindAll(ast => ast is VariableExpressionAst, searchNestedScriptBlocks: false)
            .Cast<VariableExpressionAst>();

    // As the engine makes it: plain variables whatever their case, everything else to the letter.
    private static string KeyOf(UsingExpressionAst expression)
    {
        string text = expression.ToString();
        if (expression.SubExpression is VariableExpressionAst)
        {
            text = text.ToLowerInvariant();
        }

        return Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
    }

    public static string TextOf(string key) => Encoding.Unicode.GetString(Convert.FromBase64String(key));
}
