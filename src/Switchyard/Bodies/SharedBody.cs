using System.Management.Automation;
using System.Management.Automation.Language;

namespace Switchyard.Bodies;

/// <summary>
/// The caller's block made fit for workers: bound to no session, so that any runspace can run it, and one for all of them, so
/// that it is compiled once. File and lines stay its own.
/// </summary>
/// <remarks>The caller's block itself is bound to the caller's session: run in another runspace, it hangs.</remarks>
internal sealed class SharedBody
{
    // For bodies that only a real call can run. What they mean there is what they mean here.
    private static readonly ScriptBlock _callWithInput = ScriptBlock.Create("param($b, $i, $a) , $i | & $b @a");
    private static readonly ScriptBlock _callWithoutInput = ScriptBlock.Create("param($b, $i, $a) & $b @a");

    private readonly ScriptBlock _block;
    private readonly ScriptBlockAst? _ast;
    private readonly object?[] _arguments;
    private readonly bool _isSimple;
    private readonly bool _takesInput;

    /// <summary>Prepares a block.</summary>
    /// <param name="block">The caller's block.</param>
    /// <param name="arguments">What is bound to its parameters by position.</param>
    public SharedBody(ScriptBlock block, object?[] arguments)
    {
        _arguments = arguments;
        _block = Unbind(block);
        _ast = block.Ast as ScriptBlockAst ?? (block.Ast as FunctionDefinitionAst)?.Body;
        _isSimple = block.Ast is ScriptBlockAst ast && IsSimple(ast);
        _takesInput = _ast?.ProcessBlock is not null;
    }

    /// <summary>Makes an unbound block of the same code.</summary>
    /// <param name="block">Any block: a literal, a function's, one made of text.</param>
    /// <returns>The unbound block.</returns>
    public static ScriptBlock Unbind(ScriptBlock block) => block.Ast switch
    {
        ScriptBlockAst ast => ast.GetScriptBlock(),
        FunctionDefinitionAst function => EngineInternals.FromFunction(function) ?? ScriptBlock.Create(block.ToString()),
        _ => ScriptBlock.Create(block.ToString()),
    };

    /// <summary>Runs the body for one item, on the current thread, inside the given command's pipeline.</summary>
    /// <param name="command">The running command.</param>
    /// <param name="item">The item.</param>
    public void Invoke(Cmdlet command, object? item)
    {
        if (_isSimple)
        {
            EngineInternals.Invoke(_block, command, item, _arguments);
        }
        else
        {
            ScriptBlock call = _takesInput ? _callWithInput : _callWithoutInput;
            EngineInternals.Invoke(call, command, item, [_block, item, _arguments]);
        }
    }

    /// <summary>Whether the statements of the end block are all there is, so that running them is the same as a call.</summary>
    private static bool IsSimple(ScriptBlockAst ast) =>
        ast.BeginBlock is null
        && ast.ProcessBlock is null
        && ast.DynamicParamBlock is null
        && !EngineInternals.HasCleanBlock(ast)
        && (ast.ParamBlock is null
            || (ast.ParamBlock.Attributes.Count == 0 && !ast.ParamBlock.Parameters.Any(HasBindingAttribute)));

    private static bool HasBindingAttribute(ParameterAst parameter) =>
        parameter.Attributes.Any(attribute => attribute is AttributeAst);
}
