using System.Management.Automation.Language;

namespace Switchyard.Runspaces;

/// <summary>
/// Makes the block that calls a body by the engine's own call operator: <c>, $_ | &amp; body @args</c>, or without the input. It is
/// made of parts, not of text, so that it stands where the body stands: an error's position is the user's code. It has no variable
/// of its own, which the body would see in place of one of that name in its session.
/// </summary>
internal static class BodyCall
{
    public static ScriptBlock Create(ScriptBlock body, IScriptExtent extent, bool takesInput)
    {
        VariableExpressionAst arguments = new(extent, "args", splatted: true);
        CommandAst call = new(extent, [new ConstantExpressionAst(extent, body), arguments], TokenKind.Ampersand, null);
        VariableExpressionAst item = new(extent, "_", splatted: false);
        CommandBaseAst[] commands = takesInput
            ? [new CommandExpressionAst(extent, new ArrayLiteralAst(extent, [item]), null), call]
            : [call];
        StatementBlockAst statements = new(extent, [new PipelineAst(extent, commands)], null);
        return new ScriptBlockAst(extent, null, statements, isFilter: false).GetScriptBlock();
    }
}
