namespace Switchyard.Journal;

/// <summary>What a part of an item's content is. Keys in journals are made of these numbers.</summary>
internal enum ContentMark : byte
{
    Null = 1,
    Text,
    True,
    False,
    Whole,
    BigWhole,
    Fraction,
    Exact,
    Character,
    Time,
    Duration,
    Guid,
    Simple,
    Named,
    File,
    Directory,
    Bytes,
    List,
    Dictionary,
    Custom,
    Object,
    TooDeep,
}
