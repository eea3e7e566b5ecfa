using System.Management.Automation;

namespace Switchyard;

/// <summary>What is inside the engine's wrapper.</summary>
internal static class PSObjects
{
    /// <summary>The object itself; a custom object is its wrapper.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The value without a wrapper that adds nothing.</returns>
    public static object? Unwrap(object? value) => value switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapper => wrapper.BaseObject,
        PreparedItem prepared => Unwrap(prepared.Item),
        _ => value,
    };

    /// <summary>The item as it was piped in.</summary>
    /// <param name="input">What a worker was given.</param>
    /// <returns>The item.</returns>
    public static object? ItemOf(object? input) => input is PreparedItem prepared ? prepared.Item : input;

    /// <summary>Whether it is a script block, which belongs to the session that made it.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>True if so.</returns>
    public static bool IsScriptBlock(object? value) => Unwrap(value) is ScriptBlock;
}
