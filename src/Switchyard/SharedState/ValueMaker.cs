using System.Collections.ObjectModel;
using System.Management.Automation.Language;

namespace Switchyard.SharedState;

/// <summary>Runs the script blocks that make a shared dictionary's values, in the session that calls.</summary>
internal static class ValueMaker
{
    /// <summary>Makes a value. The block finds the key as <c>$_</c> and as its first parameter.</summary>
    public static object? Make(ScriptBlock block, object? key) => Run(block, key, key);

    /// <summary>
    /// Makes a value of another. The block finds the old value as <c>$_</c>, and as its parameter if it has one. With two it gets the key and the value.
    /// </summary>
    public static object? Change(ScriptBlock block, object? key, object? current) =>
        block.Ast is ScriptBlockAst { ParamBlock.Parameters.Count: 1 } ? Run(block, current, current) : Run(block, current, key, current);

    private static object? Run(ScriptBlock block, object? item, params object?[] arguments)
    {
        Collection<PSObject> output = block.InvokeWithContext(null, [new PSVariable("_", item)], arguments);
        object? made = output.Count switch
        {
            0 => null,
            1 => output[0],
            _ => output.Select(PSObjects.Unwrap).ToArray(),
        };
        return SharedValues.Check(made);
    }
}
