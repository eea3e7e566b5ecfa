namespace Switchyard.Core.Items;

/// <summary>Which stream a record belongs to.</summary>
public enum RecordKind
{
    /// <summary>Success output.</summary>
    Output,

    /// <summary>An error.</summary>
    Error,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>Verbose text.</summary>
    Verbose,

    /// <summary>Debug text.</summary>
    Debug,

    /// <summary>Information, which host output is a kind of.</summary>
    Information,

    /// <summary>Progress of what runs inside an item.</summary>
    Progress,

    /// <summary>No stream: the item's end, which ordering waits for. It reaches a sink as an <see cref="ItemResult"/>, or not at all.</summary>
    End,
}
