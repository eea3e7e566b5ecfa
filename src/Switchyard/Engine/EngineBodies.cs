using System.Linq.Expressions;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace Switchyard.Engine;

/// <summary>Makes blocks for the engine, and asks it about them and about what runs.</summary>
internal static class EngineBodies
{
    private static readonly Func<object, bool>? _isStopping = EngineMembers.TryBind(BindIsStopping);

    /// <summary>Whether what runs on this thread is to stop. Without the member nothing is known to be, and a wait ends with its thread.</summary>
    public static bool IsStopping() =>
        _isStopping is not null && Runspace.DefaultRunspace is { } runspace && EngineMembers.ContextOfRunspace.Get(runspace) is { } context && _isStopping(context);

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
