namespace Switchyard.Items;

/// <summary>A record of a stream that the body itself lets through, by <c>-Verbose</c> on its command or by its own preference: it is shown whatever the caller's preference is.</summary>
internal sealed class ShownRecord(object record)
{
    public object Record { get; } = record;

    /// <summary>The record, which may be one of these.</summary>
    public static object Unwrap(object value) => value is ShownRecord shown ? shown.Record : value;
}
