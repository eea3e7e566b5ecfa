namespace Switchyard.Core.Items;

/// <summary>Which stream a record belongs to.</summary>
internal enum RecordKind
{
    Output,

    Error,

    Warning,

    Verbose,

    Debug,

    Information,

    Progress,

    /// <summary>No stream: the item's end, which ordering waits for. It reaches a sink as an <see cref="ItemResult"/>, or not at all.</summary>
    End,
}
