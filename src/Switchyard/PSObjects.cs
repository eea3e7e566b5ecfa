using System.Management.Automation;

namespace Switchyard;

/// <summary>What is inside the engine's wrapper.</summary>
internal static class PSObjects
{
    /// <summary>The object itself; a custom object is its wrapper.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The value without a wrapper that adds nothing.</returns>
    public static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;

    /// <summary>Whether it is a script block, which belongs to the session that made it.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>True if so.</returns>
    public static bool IsScriptBlock(object? value) => Unwrap(value) is ScriptBlock;
}
