namespace Switchyard.Choosing.Known;

/// <summary>What a command does with what it is given.</summary>
internal enum CommandKind
{
    /// <summary>It is not known.</summary>
    Unknown,

    /// <summary>It reads it, and what it outputs is new.</summary>
    Reads,

    /// <summary>It outputs it again, or some of it.</summary>
    Passes,

    /// <summary>It outputs new objects that hold it.</summary>
    Holds,

    /// <summary>It adds to it, and outputs it again.</summary>
    Changes,

    /// <summary>It hands it to the caller.</summary>
    HandsOn,

    /// <summary>It drops it.</summary>
    Drops,

    /// <summary><c>ForEach-Object</c>.</summary>
    RunsForEach,

    /// <summary><c>Select-Object</c>.</summary>
    Selects,

    /// <summary><c>New-Object</c>.</summary>
    Makes,
}
