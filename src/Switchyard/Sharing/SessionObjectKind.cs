namespace Switchyard.Sharing;

/// <summary>What objects of a type can hold, or are, that belongs to a session.</summary>
internal enum SessionObjectKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A block, a command, a module, a delegate.</summary>
    Code,

    /// <summary>An object of a script's class.</summary>
    Instance,

    Dictionary,
    List,
    Sequence,

    /// <summary>One value by the name <c>Value</c>, or some by <c>Group</c>.</summary>
    Holder,
    Tuple,
    Type,
}
