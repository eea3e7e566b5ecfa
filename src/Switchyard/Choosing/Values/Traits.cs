namespace Switchyard.Choosing.Values;

/// <summary>How a value fares in another process.</summary>
[Flags]
internal enum Traits
{
    /// <summary>It arrives as something else.</summary>
    None = 0,

    /// <summary>It arrives as what it was, with all that it holds.</summary>
    Arrives = 1,

    /// <summary>A copy cannot be told from it, as nothing changes it.</summary>
    IsPlain = 2,

    /// <summary>That holds for what is reached through it.</summary>
    HasPlainParts = 4,

    /// <summary>What goes through it meets its elements.</summary>
    IsList = 8,

    /// <summary>It is a hashtable, or holds one.</summary>
    HasTable = 16,

    Plain = Arrives | IsPlain | HasPlainParts,
}
