using System.Linq.Expressions;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Switchyard.Engine;

/// <summary>Makes script blocks for the engine, and asks it about them and about what runs.</summary>
internal static class EngineBlocks
{
    private static readonly Func<object, bool>? _isStopping = EngineMembers.TryBind(BindIsStopping);

    /// <summary>Whether what runs on this thread is to stop. Without the member nothing is known to be, and a wait ends with its thread.</summary>
    public static bool IsStopping() =>
        _isStopping is not null && Runspace.DefaultRunspace is { } runspace && EngineMembers.ContextOfRunspace.Get(runspace) is { } context && _isStopping(context);

    /// <summary>Makes a block with the same code that is bound to no session, so that any can run it.</summary>
    public static ScriptBlock Unbind(ScriptBlock block) => block.Ast switch
    {
        ScriptBlockAst ast => ast.GetScriptBlock(),
        FunctionDefinitionAst function => FromFunction(function) ?? ScriptBlock.Create(block.ToString()),
        _ => ScriptBlock.Create(block.ToString()),
    };

    /// <summary>Whether a delegate runs a block, as what the engine makes of one for a method that wants a delegate. Where .NET does not tell, any that was compiled as it runs may.</summary>
    public static bool IsOfBlock(Delegate made) => EngineMembers.CompiledConstants.IsMissing
        ? made.Target?.GetType().Name == "Closure"
        : EngineMembers.CompiledConstants.Get(made.Target) is object[] constants && Array.Exists(constants, constant => constant is ScriptBlock);

    /// <summary>Makes an unbound block of a function's definition that keeps its file and lines.</summary>
    /// <returns>The block, or null where only the text can serve.</returns>
    public static ScriptBlock? FromFunction(FunctionDefinitionAst function) =>
        (ScriptBlock?)EngineMembers.BlockOfFunction.Info?.Invoke([function, function.IsFilter]);

    /// <summary>Whether a body has a clean block. Where the engine does not tell, any body that says the word is taken for one: it is then called and not run, which is as right.</summary>
    public static bool HasCleanBlock(ScriptBlockAst ast) => EngineMembers.CleanBlock.IsMissing
        ? ast.Extent.Text.Contains("clean", StringComparison.OrdinalIgnoreCase)
        : EngineMembers.CleanBlock.Get(ast) is not null;

    private static Func<object, bool> BindIsStopping()
    {
        ParameterExpression context = Expression.Parameter(typeof(object));
        Expression isStopping = Expression.Property(Expression.Convert(context, EngineMembers.Context.Required), EngineMembers.ContextStopping.Required);
        return Expression.Lambda<Func<object, bool>>(isStopping, context).Compile();
    }
}
