using System.Management.Automation.Language;
using Switchyard.Engine;

namespace Switchyard.Runspaces;

/// <summary>
/// The caller's block made fit for workers: bound to no session, so that any runspace can run it, and one for all of them, so
/// that it is compiled once. File and lines stay its own.
/// </summary>
/// <remarks>The caller's block itself is bound to the caller's session: run in another runspace, it hangs.</remarks>
internal sealed class SharedBody
{
    private readonly ScriptBlock _block;
    private readonly object?[] _arguments;

    // For bodies that only a real call can run; null for those that can be run as they are.
    private readonly ScriptBlock? _call;

    // Whether it has no parameters, nor anything else that a call would have to bind.
    private readonly bool _isPlain;

    public SharedBody(ScriptBlock block, object?[] arguments)
    {
        _arguments = arguments;
        _block = Unbind(block);
        if (block.Ast is not ScriptBlockAst ast || !IsSimple(ast))
        {
            ScriptBlockAst? code = block.Ast as ScriptBlockAst ?? (block.Ast as FunctionDefinitionAst)?.Body;
            _call = BodyCall.Create(_block, block.Ast.Extent, takesInput: code?.ProcessBlock is not null);
        }

        _isPlain = _call is null && block.Ast is ScriptBlockAst { ParamBlock: null };
    }

    public static ScriptBlock Unbind(ScriptBlock block) => EngineBlocks.Unbind(block);

    /// <summary>Runs the body for one item, on the current thread.</summary>
    public void Invoke(BodyRunner runner, object? item) => runner.Invoke(_call ?? _block, _isPlain, item, _arguments);

    /// <summary>Whether the statements of the end block are all there is, so that running them is the same as a call.</summary>
    private static bool IsSimple(ScriptBlockAst ast) =>
        ast.BeginBlock is null
        && ast.ProcessBlock is null
        && ast.DynamicParamBlock is null
        && !EngineBlocks.HasCleanBlock(ast)
        && (ast.ParamBlock is null
            || (ast.ParamBlock.Attributes.Count == 0 && !ast.ParamBlock.Parameters.Any(HasBindingAttribute)));

    private static bool HasBindingAttribute(ParameterAst parameter) =>
        parameter.Attributes.Any(attribute => attribute is AttributeAst);
}
