using System.Management.Automation;
using System.Management.Automation.Language;

namespace Switchyard.Bodies;

/// <summary>
/// Makes the block that calls a body by the engine's own call operator: <c>param($b, $i, $a) , $i | &amp; $b @a</c>, or without
/// the input. It is made of parts, not of text, so that it stands where the body stands: an error's position is the user's code.
/// </summary>
internal static class BodyCall
{
    /// <summary>Makes the block.</summary>
    /// <param name="extent">Where the body stands.</param>
    /// <param name="takesInput">Whether the item is piped in; otherwise it is only <c>$_</c>.</param>
    /// <returns>An unbound block with three parameters: the body, the item, the arguments.</returns>
    public static ScriptBlock Create(IScriptExtent extent, bool takesInput)
    {
        CommandAst call = new(extent, [Variable("b"), new VariableExpressionAst(extent, "a", splatted: true)], TokenKind.Ampersand, null);
        CommandBaseAst[] commands = takesInput
            ? [new CommandExpressionAst(extent, new ArrayLiteralAst(extent, [Variable("i")]), null), call]
            : [call];
        StatementBlockAst statements = new(extent, [new PipelineAst(extent, commands)], null);
        ParamBlockAst parameters = new(extent, null, [Parameter("b"), Parameter("i"), Parameter("a")]);
        return new ScriptBlockAst(extent, parameters, statements, isFilter: false).GetScriptBlock();

        VariableExpressionAst Variable(string name) => new(extent, name, splatted: false);
        ParameterAst Parameter(string name) => new(extent, Variable(name), null, null);
    }
}
