namespace Switchyard.Items;

/// <summary>What is inside the engine's wrapper.</summary>
internal static class PSObjects
{
    /// <summary>The object itself; a custom object is its wrapper.</summary>
    public static object? Unwrap(object? value) => value switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapper => wrapper.BaseObject,
        PreparedItem prepared => Unwrap(prepared.Item),
        _ => value,
    };

    /// <summary>The item as it was piped in, of what a worker is given.</summary>
    public static object? ItemOf(object? input) => input is PreparedItem prepared ? prepared.Item : input;

    /// <summary>Whether it is a script block, which belongs to the session that made it.</summary>
    public static bool IsScriptBlock(object? value) => Unwrap(value) is ScriptBlock;
}
