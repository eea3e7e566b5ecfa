namespace Switchyard.Core.Control;

/// <summary>What became of a request.</summary>
internal enum ControlResult : byte
{
    Done,

    /// <summary>There is no such batch any more.</summary>
    NotFound,

    /// <summary>The item does not run any more.</summary>
    ItemNotFound,

    /// <summary>The batch keeps no account of each item, so that none can be stopped by itself.</summary>
    ItemNotStoppable,
}
